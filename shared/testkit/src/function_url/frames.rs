//! Frames of `application/vnd.amazon.eventstream`: lengths, headers and payload, each part with its CRC-32, in network order.
//! Source: Smithy's specification of event streams.

use axum::body::Bytes;

/// A header's value is text.
const TEXT: u8 = 7;

/// A piece of the answer.
pub(super) fn payload(bytes: &[u8]) -> Bytes {
    frame("PayloadChunk", "application/octet-stream", bytes)
}

/// The end, with what went wrong as JSON.
pub(super) fn complete(how: &str) -> Bytes {
    frame("InvokeComplete", "application/json", how.as_bytes())
}

fn frame(kind: &str, content_type: &str, payload: &[u8]) -> Bytes {
    let mut headers = Vec::new();
    for (name, value) in [(":message-type", "event"), (":event-type", kind), (":content-type", content_type)] {
        headers.extend(u8::try_from(name.len()).unwrap_or(0).to_be_bytes());
        headers.extend(name.as_bytes());
        headers.push(TEXT);
        headers.extend(u16::try_from(value.len()).unwrap_or(0).to_be_bytes());
        headers.extend(value.as_bytes());
    }
    // Two lengths and two checksums: 16 bytes beside headers and payload.
    let mut frame = length(headers.len() + payload.len() + 16).to_vec();
    frame.extend(length(headers.len()));
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(headers);
    frame.extend(payload);
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.into()
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_what_the_specification_says() {
        let frame = complete("{}");
        let number = |at: usize| u32::from_be_bytes(frame[at..at + 4].try_into().unwrap());
        assert_eq!(number(0) as usize, frame.len());
        assert_eq!(number(8), crc32fast::hash(&frame[..8]));
        let headers = number(4) as usize;
        assert_eq!(&frame[12 + headers..frame.len() - 4], b"{}");
        assert_eq!(number(frame.len() - 4), crc32fast::hash(&frame[..frame.len() - 4]));
        assert_eq!(&frame[12..12 + 22], b"\x0d:message-type\x07\x00\x05event");
    }
}
