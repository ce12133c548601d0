"""What everything else stands on: the frozen types, geometry, errors, messages, serialisation."""
