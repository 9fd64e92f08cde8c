package dev.reseat.rpc.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;

/** Makes parsers that read bytes, which have to be UTF-8, with long texts taken out as a whole. Thread-safe. */
public final class PlainTextFactory extends JsonFactory {
    private static final long serialVersionUID = 1L;

    public PlainTextFactory(JsonFactoryBuilder builder) {
        super(builder);
    }

    private PlainTextFactory(PlainTextFactory other) {
        super(other);
    }

    @Override
    public PlainTextFactory copy() {
        return new PlainTextFactory(this);
    }

    @Override
    public TokenStreamFactory snapshot() {
        return copy();
    }

    @Override
    protected JsonParser _createParser(ObjectReadContext reading, IOContext io, byte[] json, int offset, int length) {
        _checkRangeBoundsForByteArray(json, offset, length);
        var features = new PlainTextParser.Features(
                reading.getStreamReadFeatures(_streamReadFeatures), reading.getFormatReadFeatures(_formatReadFeatures));
        return new PlainTextParser(
                reading, io, features, _byteSymbolCanonicalizer.makeChild(_factoryFeatures), json, offset,
                offset + length);
    }
}
