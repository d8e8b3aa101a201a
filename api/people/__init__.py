"""People over HTTP: in other answers, and all data of one person."""
