"""A bad line: a proxy that breaks off every connection midway, and a client that goes on.

    line.py proxy TO_PORT LEAST MOST [LIVES]   prints its port; each connection ends after LEAST to
                                               MOST bytes (either way), but one in LIVES, which lives
    line.py upload URL TOKEN HASH FILE PIECE [STOP]
                                               brings FILE; prints how often the line broke off, and
                                               what was answered last. Stops at offset STOP
"""

import asyncio
import http.client
import json
import random
import sys


async def pass_on(reader, writer, left):
    while piece := await reader.read(min(65536, max(left[0], 1))):
        left[0] -= len(piece)
        writer.write(piece)
        await writer.drain()
        if left[0] <= 0:
            return


async def proxy(to, least, most, lives=0):
    chance = random.Random(1)
    count = 0

    async def serve(reader, writer):
        nonlocal count
        count += 1
        left = [1 << 60 if lives and count % lives == 0 else chance.randint(least, most)]
        try:
            there, back = await asyncio.open_connection("127.0.0.1", to)
        except OSError:
            writer.close()
            return
        ways = [asyncio.ensure_future(pass_on(reader, back, left)),
                asyncio.ensure_future(pass_on(there, writer, left))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for end in (writer, back):
            end.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def upload(url, token, name, file, piece, stop=None):
    with open(file, "rb") as opened:
        whole = opened.read()
    broken, offset, here, said = 0, None, 0, b""
    while not here and broken < 300 and (stop is None or offset is None or offset < stop):
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        try:
            while not here and (stop is None or offset is None or offset < stop):
                headers = {"Authorization": "Bearer " + token}
                if offset is None:
                    connection.request("HEAD", "/upload/" + name, headers=headers)
                    answer = connection.getresponse()
                    answer.read()
                    offset = int(answer.headers["Upload-Offset"])
                    continue
                headers["Content-Type"] = "application/octet-stream"
                connection.request("POST", f"/upload/{name}?offset={offset}&size={len(whole)}",
                                   whole[offset:offset + piece], headers)
                answer = connection.getresponse()
                said = answer.read()
                if answer.status not in (200, 409):
                    print(broken, answer.status, said.decode())
                    sys.exit(1)
                offset, here = (json.loads(said)[member] for member in ("offset", "here"))
        except (OSError, http.client.HTTPException):
            broken, offset = broken + 1, None
        connection.close()
    print(broken, answer.status, said.decode())
    sys.exit(broken == 300)


if sys.argv[1] == "proxy":
    asyncio.run(proxy(*map(int, sys.argv[2:])))
else:
    upload(*sys.argv[2:6], *map(int, sys.argv[6:]))
