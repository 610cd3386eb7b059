"""Starts ministack with Nagle's algorithm off: its answers to the functions otherwise wait 40 ms for an ACK."""

import http.server

http.server.BaseHTTPRequestHandler.disable_nagle_algorithm = True

from ministack.app import main  # noqa: E402  (the line above must come first)

main()
