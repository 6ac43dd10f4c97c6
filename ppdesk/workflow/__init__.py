"""The Step contract, the steps themselves, the catalog, navigation and recipes. No Qt, no SQL."""
