"""The PBX's side of Siaga 112: AMI in, call facts out. Imports nothing else of the project."""
