package dev.reseat.api.cli;

import dev.reseat.api.rest.json.DiagnosisView;
import dev.reseat.api.rest.json.RepairBody;
import dev.reseat.api.rest.json.RepairView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Repairs what was diagnosed: says for each volume what would be done and whether it can be undone, asks, and does it,
 * if the volume still shows the same pattern.
 */
final class Fix {
    /** As many as a person reads before saying yes; jobs have limits for more. */
    static final int MOST = 50;

    private final ApiClient api;
    private final Output output;
    private final boolean json;
    private final Optional<String> reason;
    private final Optional<Path> receipt;

    /**
     * @param reason why; recorded
     * @param receipt where the receipt of what was done goes
     */
    Fix(ApiClient api, Output output, boolean json, Optional<String> reason, Optional<Path> receipt) {
        this.api = api;
        this.output = output;
        this.json = json;
        this.reason = reason;
        this.receipt = receipt;
    }

    private record Planned(DiagnosisView diagnosis, RepairView plan) {}

    /**
     * @param yes whether nobody needs to be asked
     * @param reports is given what came of each volume, or would come
     * @return the exit code of all together
     */
    int run(List<DiagnosisView> diagnoses, boolean dryRun, boolean yes, ArrayNode reports) {
        List<DiagnosisView> wrong = diagnoses.stream()
                .filter(view -> view.verdict().equals("pattern") && !view.repair().equals("report"))
                .toList();
        if (wrong.size() > MOST) {
            throw new UsageError(wrong.size() + " volumes would be repaired, more than " + MOST
                    + ": make a job of them, which has limits: reseat job create --repair --select ...");
        }
        List<Integer> codes = new ArrayList<>();
        List<Planned> planned = new ArrayList<>();
        for (DiagnosisView one : wrong) {
            codes.add(post(one, true, dryRun ? Optional.of(reports.addObject()) : Optional.empty(), planned));
        }
        if (receipt.isPresent() && planned.size() > 1) {
            throw new UsageError(ReceiptFile.ONE);
        }
        if (dryRun || planned.isEmpty()) {
            output.note(planned.isEmpty() ? "nothing is repaired" : "nothing was changed");
            return ExitCode.ofAll(codes);
        }
        if (!yes && !output.confirm(question(planned), "--yes")) {
            output.note("nothing was changed");
            return ExitCode.REFUSED;
        }
        try (ReceiptFile file = receipt.map(ReceiptFile::new).orElse(null);
                Progress progress = output.progress(planned.size())) {
            for (Planned one : planned) {
                progress.begin(one.diagnosis().volumeId());
                ObjectNode report = reports.addObject();
                codes.add(post(one.diagnosis(), false, Optional.of(report), new ArrayList<>()));
                if (file != null) {
                    codes.add(file.write(api, report.path("repair").path("journal").stringValueOpt(), output));
                }
                progress.end();
            }
        }
        return ExitCode.ofAll(codes);
    }

    private static String question(List<Planned> planned) {
        long lasting = planned.stream()
                .filter(one -> one.plan().undo().filter(undo -> undo.startsWith("cannot be undone")).isPresent())
                .count();
        return "Repair " + planned.size() + (planned.size() == 1 ? " volume" : " volumes")
                + (lasting == 0 ? "?" : ", of which " + lasting + " cannot be undone?");
    }

    private int post(DiagnosisView seen, boolean dryRun, Optional<ObjectNode> report, List<Planned> done) {
        String volume = seen.volumeId();
        report.ifPresent(one -> one.put("volume", volume));
        try {
            JsonNode answer = api.post(
                    "/reseat/v1/volumes/" + ApiClient.encoded(volume) + "/repair",
                    new RepairBody(dryRun, reason, Optional.of(seen.pattern())))
                    .path("repair");
            RepairView view = ApiClient.read(answer, RepairView.class);
            done.add(new Planned(seen, view));
            report.ifPresent(one -> one.set("repair", answer));
            if (!json) {
                output.print(RepairText.of(volume, view, dryRun));
            }
            return ExitCode.OK;
        } catch (ApiFailure failure) {
            int code = ExitCode.of(failure);
            report.ifPresent(one -> one.set("error", Output.asJson(failure, code)));
            if (!json) {
                output.problem(volume, failure);
            }
            return code;
        }
    }
}
