package dev.reseat.api.rest.json;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The mapper of REST bodies: snake_case unless a record says otherwise; readers skip what newer servers add. */
public final class RestJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RestJson() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }
}
