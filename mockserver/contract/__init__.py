"""What any provider of the prediction API must do: rules, findings, probes and strategies."""
