"""What cars stream, as the dispatchers of Tesla's fleet-telemetry server publish it."""
