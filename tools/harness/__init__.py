"""What the harnesses and the tests in Python share: workspaces, and daemons that serve them."""
