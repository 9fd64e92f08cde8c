package dev.reseat.rpc.envelope;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads envelopes of the form that oslo.messaging and we write, in a fraction of the time of a parser: version first,
 * then a text of ASCII in which only quotation marks and backslashes are escaped. What looks different in any way is
 * left to the parser.
 */
final class PlainEnvelope {
    private static final byte[] HEAD = EnvelopeOutput.head();
    private static final byte[] TAIL = EnvelopeOutput.tail();

    private PlainEnvelope() {}

    /** The inner text, ASCII; empty if the message has not this form. */
    static Optional<ByteBuffer> inner(byte[] body) {
        int end = body.length - TAIL.length;
        if (end < HEAD.length || !Arrays.equals(HEAD, 0, HEAD.length, body, 0, HEAD.length)
                || !Arrays.equals(TAIL, 0, TAIL.length, body, end, body.length)) {
            return Optional.empty();
        }
        byte[] inner = new byte[end - HEAD.length];
        int length = 0;
        for (int i = HEAD.length; i < end; i++) {
            byte b = body[i];
            if (b == '\\') {
                b = body[++i];
                if (i == end || (b != '"' && b != '\\')) {
                    return Optional.empty();
                }
            } else if (!EnvelopeOutput.isPlain(b)) {
                return Optional.empty();
            }
            inner[length++] = b;
        }
        return Optional.of(ByteBuffer.wrap(inner, 0, length));
    }
}
