"""Where drivers sign in and consent, and where apps get their tokens."""
