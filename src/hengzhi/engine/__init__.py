"""The engine: facts, indicators, evaluation and risk, without any framework."""
