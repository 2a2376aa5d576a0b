"""What is owed by when: rule packs as data, the strict count of hours and Regulation 1182/71."""
