package dev.reseat.monitor;

import java.util.Arrays;
import java.util.Locale;

/** The forms in which metrics are offered, as Prometheus names them. */
enum MetricsFormat {
    TEXT("text/plain; version=0.0.4; charset=utf-8", "text/plain|text/\\*|\\*/\\*"),
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8", "application/openmetrics-text");

    private final String contentType;
    // which media ranges mean this form
    private final String ranges;

    MetricsFormat(String contentType, String ranges) {
        this.contentType = contentType;
        this.ranges = ranges;
    }

    String contentType() {
        return contentType;
    }

    /** The form an {@code Accept} header likes best; text for whoever asks for neither by name. */
    static MetricsFormat preferredBy(String accept) {
        double open = OPEN_METRICS.quality(accept);
        return open > 0 && open >= TEXT.quality(accept) ? OPEN_METRICS : TEXT;
    }

    private double quality(String accept) {
        return Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",", -1))
                .map(range -> range.split(";", -1))
                .filter(range -> range[0].strip().matches(ranges))
                .mapToDouble(MetricsFormat::weight)
                .max()
                .orElse(0);
    }

    private static double weight(String[] range) {
        return Arrays.stream(range)
                .map(String::strip)
                .filter(parameter -> parameter.matches("q=[01](\\.\\d{0,3})?"))
                .mapToDouble(parameter -> Double.parseDouble(parameter.substring(2)))
                .findFirst()
                .orElse(1);
    }
}
