package dev.reseat.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import dev.reseat.monitor.Health.Status;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One HTTP response, complete before its first byte is sent. */
record MonitorAnswer(int code, String contentType, String body) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String JSON_TYPE = "application/json";

    static MonitorAnswer health(HealthReport report) {
        Map<String, Object> checks = new LinkedHashMap<>();
        report.checks()
                .forEach((name, health) -> checks.put(name,
                        ordered("status", word(health.status()), "detail", health.detail())));
        return new MonitorAnswer(
                switch (report.status()) {
                    case UP, DEGRADED -> 200;
                    case DOWN, DRAINING -> 503;
                },
                JSON_TYPE,
                JSON.writeValueAsString(ordered("status", word(report.status()), "checks", checks)));
    }

    static MonitorAnswer error(int code, String message) {
        return new MonitorAnswer(
                code, JSON_TYPE, JSON.writeValueAsString(Map.of("error", ordered("code", code, "message", message))));
    }

    void send(HttpExchange exchange) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (code == 405) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(code, -1);
        } else {
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> ordered(String firstKey, Object first, String secondKey, Object second) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(firstKey, first);
        map.put(secondKey, second);
        return map;
    }
}
