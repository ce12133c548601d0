"""How figures are checked and repaired: what ``steps.balance`` is made of."""
