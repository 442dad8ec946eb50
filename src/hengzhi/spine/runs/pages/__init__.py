"""What the reading pages show: frozen values out of the figures of done runs, in few queries."""
