#!/usr/bin/env python3
"""Posts to an OpenRosa server as clients write them that are not Collect: byte for byte, over a
socket, so that no library puts it right.

    strangers.py URL XML NAME...   a post of each NAME below, each of an instance of its own; prints
                                   NAME, the status and the message

XML is an answer with the words INSTANCE and MEDIA in it. The posts are made up in the manner of
Enketo, of Briefcase (Apache HttpClient 4), Tella (Retrofit's PartMap), .NET
(MultipartFormDataContent), Dart (package:http), Python's requests, curl, and scripts that write the
multipart by hand; none was recorded from the client itself. That CommCare sends the answer "as the
body of a POST request" its documentation of the submission API says (dimagi/commcare-hq).
"""

import re
import socket
import sys
import urllib.parse

PHOTO = "عکس ۱.jpg"
BYTES = b"\xff\xd8\xff\xe0 no photograph \r\n--not a boundary\r\n"


class Post:
    def __init__(self, url, xml, name):
        self.url = urllib.parse.urlsplit(url)
        self.path = self.url.path + "/submission"
        self.version = "HTTP/1.1"
        self.headers = {"Host": self.url.netloc, "X-OpenRosa-Version": "1.0",
                        "Connection": "close"}
        self.instance, self.template = "uuid:stranger-" + name, xml
        self.body = b""

    def xml(self, media=PHOTO):
        return self.template.replace("INSTANCE", self.instance).replace("MEDIA", media).encode()

    def form(self, boundary, parts, first="", last="", kind=None):
        out = first.encode()
        for headers, data in parts:
            lines = "".join(f"{line}\r\n" for line in headers)
            out += f"--{boundary}\r\n{lines}\r\n".encode() + data + b"\r\n"
        self.body = out + f"--{boundary}--\r\n{last}".encode()
        self.headers["Content-Type"] = kind or f"multipart/form-data; boundary={boundary}"

    def send(self):
        with socket.create_connection((self.url.hostname, self.url.port), timeout=30) as s:
            self.headers.setdefault("Content-Length", str(len(self.body)))
            head = f"POST {self.path} {self.version}\r\n"
            head += "".join(f"{k}: {v}\r\n" for k, v in self.headers.items()) + "\r\n"
            s.sendall(head.encode())
            if "Expect" in self.headers:
                got = s.recv(1000)
                assert got.startswith(b"HTTP/1.1 100 "), got
            s.sendall(self.body)
            answer = b""
            while piece := s.recv(65536):
                answer += piece
        said = re.search(rb'<message>(.*?)</message>|"error":"(.*)"', answer, re.S)
        said = [said[0], said[1] or said[2]] if said else [b"", b"nothing"]
        return answer.split(b" ")[1].decode(), said[1].decode()


DISPOSITION = "Content-Disposition: form-data; "


def enketo(post):
    """A Blob as file, its name that of the part; no name of the photograph's part but its own."""
    post.headers |= {"Origin": "https://enketo.example", "X-OpenRosa-Instance-Id": post.instance,
                     "Accept": "*/*", "Cookie": "__csrf=abc"}
    post.form("----WebKitFormBoundaryAbCdEfGhIjKlMnOp", [
        ([DISPOSITION + 'name="__csrf"'], b"abc"),
        ([DISPOSITION + 'name="xml_submission_file"; filename="xml_submission_file"',
          "Content-Type: text/xml"], post.xml()),
        ([DISPOSITION + f'name="{PHOTO}"; filename="{PHOTO}"', "Content-Type: image/jpeg"], BYTES)])


def briefcase(post):
    """Apache HttpClient: 8bit and binary, a charset behind the boundary, Expect."""
    post.headers["Expect"] = "100-continue"
    post.form("tIPkdgvFzxQeUb-_1lXA", [
        ([DISPOSITION + 'name="xml_submission_file"; filename="submission.xml"',
          "Content-Type: text/xml; charset=UTF-8", "Content-Transfer-Encoding: binary"], post.xml()),
        ([DISPOSITION + f'name="{PHOTO}"; filename="{PHOTO}"',
          "Content-Type: image/jpeg", "Content-Transfer-Encoding: binary"], BYTES)],
        kind="multipart/form-data; boundary=tIPkdgvFzxQeUb-_1lXA; charset=UTF-8")


def tella(post):
    """Retrofit writes the coding before the disposition's own line has a type."""
    post.form("0f5c7a2e-6a3f", [
        ([DISPOSITION + 'name="xml_submission_file"; filename="submission.xml"',
          "Content-Transfer-Encoding: binary", "Content-Type: text/xml; charset=utf-8",
          f"Content-Length: {len(post.xml())}"], post.xml()),
        ([DISPOSITION + f'name="{PHOTO}"; filename="{PHOTO}"', "Content-Transfer-Encoding: binary",
          "Content-Type: application/octet-stream"], BYTES)])


def commcare(post):
    """The answer alone is the body."""
    post.body = post.xml("")
    post.headers["Content-Type"] = "text/xml; charset=utf-8"


def old(post):
    """HTTP/1.0, an address that ends in a slash with one put behind it, and one at the end."""
    post.version = "HTTP/1.0"
    post.path = post.url.path + "//submission/?deviceID=imei%3A35"
    post.form("x", [([DISPOSITION + 'name="xml_submission_file"; filename="a.xml"'], post.xml(""))])


def dotnet(post):
    """A quoted boundary, names without quotes, the file's as an encoded word and by RFC 8187."""
    quoted = urllib.parse.quote(PHOTO)
    post.form("4c7e-90", [
        (["Content-Type: text/xml; charset=utf-8",
          "Content-Disposition: form-data; name=xml_submission_file; filename=a.xml; "
          "filename*=utf-8''a.xml"], post.xml()),
        (["Content-Disposition: form-data; name=photo; "
          f'filename="=?utf-8?B?2LnaqdizIDEuanBn?="; filename*=utf-8\'\'{quoted}'], BYTES)],
        kind='multipart/form-data; boundary="4c7e-90"')


def dart(post):
    """Headers in small letters, the answer as a field that is no file."""
    post.form("dart-http-boundary-_k.+", [
        (["content-disposition: form-data; name=\"xml_submission_file\"",
          "content-type: text/plain; charset=utf-8", "content-transfer-encoding: binary"],
         post.xml()),
        (["content-type: image/jpeg",
          f'content-disposition: form-data; name="{PHOTO}"; filename="{PHOTO}"'], BYTES)])


def script(post):
    """Written by hand: an empty line first, and some behind the end."""
    post.form("----x", [
        ([DISPOSITION + 'name="xml_submission_file"; filename="submission.xml"'], post.xml()),
        ([DISPOSITION + f'name="{PHOTO}"; filename="{PHOTO}"'], BYTES)], first="\r\n",
        last="\r\n\r\n")


def requests(post):
    """files={"xml_submission_file": …, "عکس ۱.jpg": open("/tmp/tmp1")}: the part has the name."""
    post.form("c0ffee", [
        ([DISPOSITION + 'name="xml_submission_file"; filename="submission.xml"'], post.xml()),
        ([DISPOSITION + f'name="{PHOTO}"; filename="tmp1"'], BYTES)])


def path(post):
    """The file's name is where it lies on the client's disk."""
    post.form("c0ffee", [
        ([DISPOSITION + 'name="xml_submission_file"; filename="C:\\\\odk\\\\submission.xml"'],
         post.xml()),
        ([DISPOSITION + f'name="file1"; filename="/sdcard/odk/instances/{PHOTO}"'], BYTES)])


def field(post):
    """curl -F 'NAME=<FILE': the photograph as a field that is no file."""
    post.form("c0ffee", [
        ([DISPOSITION + 'name="xml_submission_file"'], post.xml()),
        ([DISPOSITION + f'name="{PHOTO}"'], BYTES)])


def packed(post):
    """A body packed with gzip."""
    import gzip
    script(post)
    post.body = gzip.compress(post.body)
    post.headers["Content-Encoding"] = "gzip"


def lacking(post):
    """A file under a name that the answer does not have: what it names is missing."""
    post.form("c0ffee", [
        ([DISPOSITION + 'name="xml_submission_file"'], post.xml()),
        ([DISPOSITION + 'name="other.jpg"; filename="other.jpg"'], BYTES)])


def latin(post):
    """A file's name that is not in UTF-8: which one it is cannot be known."""
    script(post)
    post.body = post.body.replace(f'filename="{PHOTO}"'.encode(), b'filename="caf\xe9.jpg"')


def urlencoded(post):
    """Not a multipart form at all."""
    post.body = b"xml_submission_file=" + urllib.parse.quote(post.xml()).encode()
    post.headers["Content-Type"] = "application/x-www-form-urlencoded"


def main():
    url, file, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(file, encoding="utf-8") as f:
        xml = f.read()
    for name in names:
        post = Post(url, xml, name)
        globals()[name](post)
        print(name, *post.send())


main()
