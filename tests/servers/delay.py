"""`python -m tests.servers.delay PORT TARGET SECONDS`: a proxy on 127.0.0.1 that adds half of SECONDS each way."""

import asyncio
import sys
from collections import deque


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Pass on what is read, each piece `seconds` after it came."""
    loop = asyncio.get_running_loop()
    waiting: deque[tuple[float, bytes]] = deque()
    came = asyncio.Event()

    async def write() -> None:
        while True:
            if not waiting:
                came.clear()
                await came.wait()
            due, piece = waiting.popleft()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not piece:
                writer.close()
                return
            writer.write(piece)

    writing = asyncio.create_task(write())
    try:
        while piece := await reader.read(65_536):
            waiting.append((loop.time() + seconds, piece))
            came.set()
    except ConnectionError:
        pass
    waiting.append((loop.time() + seconds, b""))
    came.set()
    await writing


async def serve(port: int, target: int, seconds: float) -> None:
    """Pass every connection on to the target."""

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_target, to_target = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(pump(reader, to_target, seconds), pump(from_target, writer, seconds))

    async with await asyncio.start_server(passed, "127.0.0.1", port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 2))
