"""示例银行: a simulated institution with known problems planted in its facts, deterministic by seed."""
