package dev.reseat.rpc.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.UTF8StreamJsonParser;
import tools.jackson.core.sym.ByteQuadsCanonicalizer;

/** Takes a plain text out of the message as a whole. Every other text is left to the parser it extends. */
final class PlainTextParser extends UTF8StreamJsonParser {
    PlainTextParser(
            ObjectReadContext reading, IOContext io, Features features, ByteQuadsCanonicalizer names, byte[] json,
            int from, int to) {
        super(reading, io, features.stream(), features.format(), null, names, json, from, to, 0, false);
    }

    @Override
    protected String _finishAndReturnString() throws JacksonException {
        int from = _inputPtr;
        int end = PlainText.end(_inputBuffer, from, _inputEnd);
        if (!isClosed(end)) {
            return super._finishAndReturnString();
        }
        _inputPtr = end + 1;
        String text = PlainText.decoded(_inputBuffer, from, end - from);
        _textBuffer.resetWithString(text); // for whoever asks again; checks its length, too
        return text;
    }

    @Override
    protected void _skipString() throws JacksonException {
        int end = PlainText.end(_inputBuffer, _inputPtr, _inputEnd);
        if (isClosed(end)) {
            _inputPtr = end + 1;
            _tokenIncomplete = false;
        } else {
            _inputPtr = end;
            super._skipString();
        }
    }

    private boolean isClosed(int end) {
        return end < _inputEnd && _inputBuffer[end] == '"';
    }

    /** Bits, as the factory has them. */
    record Features(int stream, int format) {}
}
