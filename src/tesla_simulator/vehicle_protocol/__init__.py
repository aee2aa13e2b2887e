"""The car's side of Tesla's signed command protocol, written from the contract and never from the client."""
