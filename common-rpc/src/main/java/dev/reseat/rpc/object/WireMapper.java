package dev.reseat.rpc.object;

import java.util.List;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * The JSON of RPC arguments and results: snake_case names, unknown arguments refused, versioned objects known. No text
 * is made of a number, no truth of a text: Python would pass them on as they are and fail later.
 */
public final class WireMapper {
    private static final List<CoercionInputShape> SCALARS = List.of(
            CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean,
            CoercionInputShape.String, CoercionInputShape.EmptyString);

    private static final int DEEPEST = 1000; // Python's own limit of recursion
    private static final int LONGEST_NUMBER = 4300; // and of digits

    private WireMapper() {}

    public static JsonMapper create() {
        return JsonMapper.builder(asLargeAsTheBrokerAllows())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and Infinity, bare
                .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII) // as Python, which also lets half a surrogate pair pass
                .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                .withCoercionConfig(LogicalType.Textual, WireMapper::strict)
                .withCoercionConfig(LogicalType.Boolean, WireMapper::strict)
                .addModule(new ObjectModule())
                .build();
    }

    /** Texts and names end with the message, whose size the broker and the transport limit. */
    private static JsonFactory asLargeAsTheBrokerAllows() {
        return JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION) // UTF-8 without a mark, as Python wants it
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxNestingDepth(DEEPEST)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(DEEPEST).build())
                .build();
    }

    private static void strict(MutableCoercionConfig config) {
        for (CoercionInputShape shape : SCALARS) {
            config.setCoercion(shape, CoercionAction.Fail);
        }
    }
}
