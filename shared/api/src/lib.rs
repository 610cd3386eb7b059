//! What crosses the wire: types, problems, routes, queue messages, OpenAPI.
