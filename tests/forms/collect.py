#!/usr/bin/env python3
"""A client of OpenRosa's by ODK Collect's rules, as strict where it is strict and as odd where
it is odd. What a server may not do, it complains of, and ends with 1.

    collect.py [OPTION...] URL list              the forms: id, version, name, address, a line each
    collect.py [OPTION...] URL fetch             every form and manifest, each compared with its hash
    collect.py [OPTION...] URL send XML FILE...  an answer with its files, in as many posts as it takes

It always sends X-OpenRosa-Version, a deviceID in the query, and a Date whose hours are of a 12-hour
clock, which is wrong every afternoon. It logs in by Digest when it is asked to, and by Basic over
https alone. Options: --user NAME:PASSWORD; --least N, files of one post; --chunked; --break N, the
N-th post is cut off in the middle and sent again; --keep, the last post is left out.
"""

import argparse
import hashlib
import http.client
import os
import re
import ssl
import sys
import urllib.parse
import uuid
import xml.etree.ElementTree as ET
from datetime import datetime, timezone

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"
MOST_FILES = 100
DEFAULT_LENGTH = 10_000_000
TYPES = {".jpg": "image/jpeg", ".m4a": "audio/mp4", ".csv": "text/csv", ".xml": "text/xml"}


class Complaint(Exception):
    pass


def need(truth, what):
    if not truth:
        raise Complaint(what)


def md5(data):
    return hashlib.md5(data).hexdigest()


class Answer:
    def __init__(self, response, body):
        self.status, self.body = response.status, body
        self.header = {k.lower(): v for k, v in response.getheaders()}
        self.challenges = response.headers.get_all("WWW-Authenticate") or []


class Client:
    def __init__(self, options):
        self.options = options
        self.user, _, self.password = (options.user or "").partition(":")
        self.device = "collect:" + str(uuid.uuid4())
        self.digest = None
        self.counter = 0
        self.length = {}  # of a submission URL that was greeted: what one post may be

    def connect(self, url):
        if url.scheme == "https":
            context = ssl._create_unverified_context()
            return http.client.HTTPSConnection(url.netloc, timeout=60, context=context)
        return http.client.HTTPConnection(url.netloc, timeout=60)

    def authorization(self, method, target, https):
        if not self.digest:
            return {}
        if self.digest == "basic":
            import base64
            text = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            return {"Authorization": "Basic " + text}
        d = self.digest
        self.counter += 1
        nc, cnonce = f"{self.counter:08x}", uuid.uuid4().hex[:16]
        ha1 = md5(f"{self.user}:{d['realm']}:{self.password}".encode())
        ha2 = md5(f"{method}:{target}".encode())
        response = md5(f"{ha1}:{d['nonce']}:{nc}:{cnonce}:auth:{ha2}".encode())
        return {"Authorization":
                f'Digest username="{self.user}", realm="{d["realm"]}", nonce="{d["nonce"]}", '
                f'uri="{target}", response="{response}", qop=auth, nc={nc}, cnonce="{cnonce}", '
                f'algorithm=MD5, opaque="{d["opaque"]}"'}

    def challenge(self, answer, https):
        """Whether there is something to answer a 401 with."""
        for line in answer.challenges:
            if line.startswith("Digest "):
                found = dict(re.findall(r'(\w+)="?([^",]*)"?', line[7:]))
                need("domain" in found and "nonce" in found, "a Digest challenge without domain")
                self.digest, self.counter = found, 0
                return True
        for line in answer.challenges:
            need(https, "a Basic challenge over http")
            self.digest = "basic"
            return True
        return False

    def ask(self, method, url, body=None, headers=None, cut=None):
        parsed = urllib.parse.urlsplit(url)
        need(parsed.netloc, f"an address without a host: {url}")
        query = (parsed.query + "&" if parsed.query else "") + urllib.parse.urlencode(
            {"deviceID": self.device})
        target = f"{parsed.path}?{query}"
        for attempt in range(3):
            connection = self.connect(parsed)
            now = datetime.now(timezone.utc)
            date = now.strftime("%a, %d %b %Y %I:%M:%S GMT")  # %I: the 12-hour clock
            sent = {"X-OpenRosa-Version": "1.0", "Date": date,
                    "User-Agent": "org.odk.collect.android/v2024.3.0", **(headers or {}),
                    **self.authorization(method, target, parsed.scheme == "https")}
            if cut is not None:
                self.cut_off(connection, method, target, sent, body, cut)
                cut = None
                continue
            if self.options.chunked and body is not None:
                pieces = (body[i:i + 7000] for i in range(0, len(body), 7000))
                connection.request(method, target, pieces, sent, encode_chunked=True)
            else:
                connection.request(method, target, body, sent)
            response = connection.getresponse()
            answer = Answer(response, response.read())
            connection.close()
            need(answer.header.get("x-openrosa-version") == "1.0",
                 f"{method} {parsed.path}: no X-OpenRosa-Version")
            need("date" in answer.header, "no Date")
            if answer.status != 401 or not self.user or attempt == 2:
                return answer
            if not self.challenge(answer, parsed.scheme == "https"):
                return answer
        return answer

    def cut_off(self, connection, method, target, headers, body, at):
        connection.connect()
        connection.putrequest(method, target)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        connection.send(body[:at])
        connection.close()

    def document(self, url):
        answer = self.ask("GET", url)
        need(answer.status == 200, f"{url}: status {answer.status} {message(answer)}")
        kind = answer.header.get("content-type")
        need(kind is None or "text/xml" in kind, f"{url}: type {kind}")
        return ET.fromstring(answer.body)

    def forms(self, base):
        root = self.document(base + "/formList")
        need(root.tag == LIST + "xforms", f"formList: root {root.tag}")
        out = []
        for form in root.findall(LIST + "xform"):
            get = lambda name: (form.findtext(LIST + name) or "").strip()
            for name in ("formID", "name", "downloadUrl"):
                need(get(name), f"formList: a form without {name} voids the whole list")
            need(re.fullmatch(r"md5:[0-9a-f]{32}", get("hash")), "formList: a form without hash")
            out.append({k: get(k) for k in
                        ("formID", "name", "version", "hash", "downloadUrl", "manifestUrl")})
        return out

    def fetch(self, form):
        answer = self.ask("GET", form["downloadUrl"])
        need(answer.status == 200, f"{form['formID']}: status {answer.status}")
        need("md5:" + md5(answer.body) == form["hash"], f"{form['formID']}: another hash")
        root = ET.fromstring(answer.body)
        found = [x for x in root.iter() if x.get("id") == form["formID"]
                 and x.get("version") == form["version"]]
        need(found, f"{form['formID']}: no instance of this id and version")
        if form["manifestUrl"]:
            manifest = self.document(form["manifestUrl"])
            need(manifest.tag == MANIFEST + "manifest", f"manifest: root {manifest.tag}")
            for media in manifest.findall(MANIFEST + "mediaFile"):
                for name in ("filename", "hash", "downloadUrl"):
                    need(media.findtext(MANIFEST + name), f"manifest: a file without {name}")
        return answer.body

    def greet(self, url):
        """HEAD before the first post in a session: where to send, and how much at once."""
        if url in self.length:
            return url
        answer = self.ask("HEAD", url)
        need(answer.status == 204, f"HEAD {url}: status {answer.status}, not 204")
        location = answer.header.get("location")
        if location:
            location = urllib.parse.unquote(location)
            need(urllib.parse.urlsplit(location).hostname == urllib.parse.urlsplit(url).hostname,
                 "Location is of another host")
            url = location
        self.length[url] = int(answer.header.get("x-openrosa-accept-content-length",
                                                 DEFAULT_LENGTH))
        return url

    def send(self, base, xml, files):
        url = self.greet(base + "/submission")
        posts, size = [[]], len(xml)
        most = self.options.least or MOST_FILES
        for path in files:
            length = os.path.getsize(path)
            if posts[-1] and (len(posts[-1]) == most or size + length > self.length[url]):
                posts.append([])
                size = len(xml)
            posts[-1].append(path)
            size += length
        if self.options.keep:
            posts.append(None)
        for n, post in enumerate(posts, 1):
            if post is None:
                continue
            body, kind = multipart(xml, post, n < len(posts))
            cut = len(body) // 2 if self.options.cut == n else None
            answer = self.ask("POST", url, body, {"Content-Type": kind}, cut)
            text = message(answer)
            if answer.status not in (201, 202):
                print(f"{answer.status} {text}")
                return False
            need(text is not None, "the answer is no OpenRosaResponse")
        print(f"{answer.status} {text} ({len(posts)} posts)")
        return True


def message(answer):
    try:
        root = ET.fromstring(answer.body)
    except ET.ParseError:
        return None
    return root.findtext(RESPONSE + "message") if root.tag == RESPONSE + "OpenRosaResponse" else None


def multipart(xml, files, more):
    """As okhttp writes it: part name and file name are the same, in UTF-8 as they are."""
    boundary = str(uuid.uuid4())
    parts = [("xml_submission_file", "submission.xml", "text/xml; charset=utf-8", xml)]
    for path in files:
        name = os.path.basename(path)
        with open(path, "rb") as f:
            parts.append((name, name, TYPES.get(os.path.splitext(name)[1],
                                                "application/octet-stream"), f.read()))
    out = b""
    for name, filename, kind, data in parts:
        out += (f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
                f'filename="{filename}"\r\nContent-Type: {kind}\r\n'
                f"Content-Length: {len(data)}\r\n\r\n").encode() + data + b"\r\n"
    if more:
        out += (f'--{boundary}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n'
                "Content-Length: 3\r\n\r\nyes\r\n").encode()
    return out + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--user")
    parser.add_argument("--least", type=int)
    parser.add_argument("--chunked", action="store_true")
    parser.add_argument("--break", dest="cut", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("url")
    parser.add_argument("verb", choices=["list", "fetch", "send"])
    parser.add_argument("file", nargs="*")
    options = parser.parse_args()
    client = Client(options)
    try:
        if options.verb == "send":
            with open(options.file[0], "rb") as f:
                xml = f.read()
            return 0 if client.send(options.url, xml, options.file[1:]) else 1
        for form in client.forms(options.url):
            if options.verb == "list":
                print(form["formID"], form["version"], form["name"], form["downloadUrl"], sep="\t")
            else:
                print(form["formID"], len(client.fetch(form)), sep="\t")
        return 0
    except Complaint as complaint:
        print(f"collect: {complaint}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
