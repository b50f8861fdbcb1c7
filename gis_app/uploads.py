"""How much a form may bring: refused before any of it is stored."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 130 * 1024 * 1024  # six photos of 20 MB, and the words


class WholeRequest(FileUploadHandler):
    """Stands before Django's own handlers, which store each file however large it is."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > MOST_BYTES:
            raise RequestDataTooBig(f"A form may bring {MOST_BYTES} bytes at most.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
