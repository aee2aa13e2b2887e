"""One car, exact: the cheapest charging plan that is ready in time. Start reading at `cheapest.py`."""
