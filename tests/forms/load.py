"""Many phones at once, each with a form and one large photograph, on a line that breaks off.

    load.py ADDRESS COUNT BYTES [TRIES]    ADDRESS ends in /openrosa/key/TOKEN; prints how many were
                                           acknowledged, how many posts broke off, and the seconds

Each sends the same post until it is acknowledged. Of the photographs all but the first bytes are the
same, so that this program needs no more memory than one of them.
"""

import http.client
import os
import re
import sys
import threading
import time
import urllib.parse

BOUNDARY = "b-5f2a"


def version_of(url):
    connection = http.client.HTTPConnection(url.netloc, timeout=30)
    connection.request("GET", url.path + "/formList?formID=flash")
    answer = connection.getresponse().read().decode()
    return re.search(r"<version>([0-9a-f]+)</version>", answer).group(1)


def body_of(version, n, shared):
    xml = (f'<data id="flash" version="{version}"><happens><what>photograph {n}</what></happens>'
           f'<more><photos><photo>{n}.jpg</photo></photos></more>'
           f'<meta><instanceID>uuid:load-{n}</instanceID></meta></data>')
    head = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="xml_submission_file"; '
            f'filename="a.xml"\r\nContent-Type: text/xml\r\n\r\n{xml}\r\n--{BOUNDARY}\r\n'
            f'Content-Disposition: form-data; name="{n}.jpg"; filename="{n}.jpg"\r\n'
            f'Content-Type: image/jpeg\r\n\r\n{n:016d}').encode()
    return [head, shared, f"\r\n--{BOUNDARY}--\r\n".encode()]


def send(url, body):
    connection = http.client.HTTPConnection(url.netloc, timeout=60)
    try:
        connection.request("POST", url.path + "/submission", iter(body),
                           {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                            "Content-Length": str(sum(len(piece) for piece in body))})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def main(address, count, size, tries=400):
    url = urllib.parse.urlsplit(address)
    version, shared = None, memoryview(os.urandom(size))
    while version is None:
        try:
            version = version_of(url)
        except (OSError, http.client.HTTPException, AttributeError):
            pass
    acknowledged, broken, refused = [0], [0], []
    lock = threading.Lock()

    def phone(n):
        for _ in range(tries):
            status = send(url, body_of(version, n, shared))
            with lock:
                acknowledged[0] += status == 201
                broken[0] += status is None
                if status not in (None, 201, 429, 503):
                    refused.append(status)
            if status == 201:
                return
            time.sleep(0.2)

    start = time.monotonic()
    phones = [threading.Thread(target=phone, args=(n,)) for n in range(count)]
    for one in phones:
        one.start()
    for one in phones:
        one.join()
    print(acknowledged[0], broken[0], round(time.monotonic() - start, 1), *refused)


main(sys.argv[1], *map(int, sys.argv[2:]))
