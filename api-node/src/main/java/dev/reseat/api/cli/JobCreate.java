package dev.reseat.api.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code reseat job create}: selects, and has every item planned. */
@Command(name = "create", mixinStandardHelpOptions = true,
        description = "Selects volumes and has each of them planned. "
                + "Nothing is repaired before @|bold reseat job apply|@.",
        footer = {
                "",
                "Selectors, which must all hold: state=, host= (compute host), backend=HOST@@NAME, project=,"
                        + " older-than=2h (since the row was changed last), ids=ID[,ID] or ids=@@FILE,"
                        + " address=OLD[,OLD] (in a connection_info, compared as an address)."
                        + " With --repair, pattern=N[,N] narrows them to what reseat diagnose shows."})
final class JobCreate implements Callable<Integer> {
    private final ConnectionOptions options;
    private final Output output;

    @Option(names = "--select", paramLabel = "KEY=VALUE", description = "which volumes; "
            + "repeatable") private List<String> select = List.of();

    @Option(names = "--address", paramLabel = "OLD[,OLD]", description = "the same as --select "
            + "address=OLD[,OLD]") private List<String> addresses = List.of();

    @Option(names = "--reset-state", paramLabel = "STATE", description = "reset each volume to that "
            + "status") private String resetState;

    @Option(names = "--force", paramLabel = "GRADE", description = "as of volume reset-state; "
            + "repeatable") private List<String> force = List.of();

    @Option(names = "--refresh", description = "give each mapping of a stopped instance fresh "
            + "connection_info") private boolean refresh;

    @Option(names = "--repair", description = "do with each volume what its evidence asks "
            + "for") private boolean repair;

    @Option(names = "--limit", paramLabel = "N", description = "take no more than that") private Integer limit;

    @Option(names = "--max-share", paramLabel = "PERCENT", description = "make no job that takes more than that share "
            + "of a backend's volumes, such as 5%%") private String maxShare;

    @Option(names = "--stop-after-failures", paramLabel = "K", description = "stop after so many in a row; "
            + "5") private Integer stopAfterFailures;

    @Option(names = "--per-host", paramLabel = "N", description = "in flight on one compute host; "
            + "2") private Integer perHost;

    @Option(names = "--per-backend", paramLabel = "N", description = "in flight on one backend; "
            + "8") private Integer perBackend;

    @Option(names = "--canary", paramLabel = "N", description = "go first, alone; 3") private Integer canary;

    @Option(names = "--wave", paramLabel = "N", description = "go at a time after that; 50") private Integer wave;

    @Option(names = "--stop-start", paramLabel = "WORD",
            description = "with --refresh: never, or if-running, which has "
                    + "Nova stop an instance that runs and start it again afterwards; never") private String stopStart;

    @Option(names = "--not-before", paramLabel = "TIME", description = "begin no earlier; ISO 8601 with "
            + "zone") private String notBefore;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; recorded") private String reason;

    @Option(names = "--apply", description = "begin as soon as it is planned, unread") private boolean apply;

    @Option(names = Output.JSON_OPTION, description = "print {\"job\": {...}}") private boolean json;

    JobCreate(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        Map<String, Object> body = body();
        JsonNode answer;
        try (ApiClient api = options.client()) {
            answer = api.post(JobCommands.PATH, body);
        }
        if (json) {
            output.print(answer);
        } else {
            output.print(JobText.of(answer.path("job")));
        }
        return ExitCode.OK;
    }

    private List<String> selectors() {
        List<String> words = Stream.concat(select.stream(), addresses.stream().map("address="::concat)).toList();
        if (words.isEmpty()) {
            throw new UsageError("say which volumes: --select KEY=VALUE, or --address OLD");
        }
        return words;
    }

    private Map<String, Object> body() {
        if (Stream.of(resetState != null, refresh, repair).filter(Boolean::booleanValue).count() != 1) {
            throw new UsageError("say what to do: --reset-state STATE, --refresh or --repair");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("select", JobSelect.of(selectors()));
        if (resetState != null) {
            body.put("reset", reset());
        } else {
            body.put(refresh ? "refresh" : "repair", Map.of());
        }
        body.put("limits", limits());
        put(body, "stop_start", stopStart);
        put(body, "not_before", notBefore);
        put(body, "reason", reason);
        body.put("apply", apply);
        return body;
    }

    private Map<String, Object> reset() {
        if (!force.isEmpty() && (reason == null || reason.isBlank())) {
            throw new UsageError("--force needs --reason TEXT, which is recorded");
        }
        Map<String, Object> reset = new LinkedHashMap<>();
        reset.put("status", resetState);
        if (!force.isEmpty()) {
            reset.put("force", force);
        }
        return reset;
    }

    private Map<String, Object> limits() {
        Map<String, Object> limits = new LinkedHashMap<>();
        put(limits, "limit", limit);
        put(limits, "max_share", maxShare == null ? null : share(maxShare));
        put(limits, "stop_after_failures", stopAfterFailures);
        put(limits, "per_host", perHost);
        put(limits, "per_backend", perBackend);
        put(limits, "canary", canary);
        put(limits, "wave", wave);
        return limits;
    }

    private static double share(String text) {
        try {
            return Double.parseDouble(text.replaceFirst("%$", "")) / 100;
        } catch (NumberFormatException e) {
            throw new UsageError("--max-share is a percentage such as 5%, not " + text);
        }
    }

    private static void put(Map<String, Object> map, String key, Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }
}
