"""Makes the bundled reader: prepare, train, export, calibrate, evaluate. Not installed; see README.md."""
