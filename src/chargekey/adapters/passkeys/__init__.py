"""Passkeys by the WebAuthn standard."""
