// The room PinSage.
