"""What setting up a home asks, writes and tells, whoever asks: a terminal or pages."""
