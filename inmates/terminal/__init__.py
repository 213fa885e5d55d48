"""What the reading terminals rest on: their limits, secrets, refusals and forecasts. All pure."""
