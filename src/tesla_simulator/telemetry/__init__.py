"""What cars are told to stream, and by whom: settings signed by an app, checked by the car."""
