"""django-rest-framework-gis and django-vectortiles as their documentation shows them.

An application of its own, in an environment of its own, on the same tables; it imports nothing of
Rasd. It has no sign-in: what it costs is its lists and tiles alone.
"""
