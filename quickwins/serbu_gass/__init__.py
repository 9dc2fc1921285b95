"""Serbu Gass: the waste banks of Penajam Paser Utara, their books and the alms of waste."""
