"""Pure numbers: arrays in, frozen results out; every formula with its source."""
