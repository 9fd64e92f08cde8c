package dev.reseat.api.cli;

import dev.reseat.api.cli.ApiFailure.Answered;
import dev.reseat.api.cli.ApiFailure.NotStored;
import dev.reseat.api.cli.ApiFailure.OutcomeUnknown;
import dev.reseat.api.cli.ApiFailure.Unreachable;
import java.util.List;

/**
 * What the command tells a script. Codes 2 to 7 of {@code bdm} are those of {@code nova-manage volume_attachment}; the
 * ones from 8 on mean the same in every command.
 */
final class ExitCode {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 4;
    static final int REFUSED = 8;
    static final int UNKNOWN = 9;
    static final int UNREACHABLE = 10;
    static final int FORBIDDEN = 11;

    private ExitCode() {}

    static int of(ApiFailure failure) {
        return switch (failure) {
            case OutcomeUnknown _ -> UNKNOWN;
            case Unreachable _ -> UNREACHABLE;
            case NotStored _ -> FAILED;
            case Answered answer -> switch (answer.status()) {
                case 400, 413, 415 -> USAGE;
                case 401, 403 -> FORBIDDEN;
                case 404 -> NOT_FOUND;
                case 409, 501 -> REFUSED;
                case 503 -> UNREACHABLE;
                case 504 -> UNKNOWN;
                default -> FAILED;
            };
        };
    }

    /** One code for several items: an unknown outcome outranks all; otherwise what all failures share, or 1. */
    static int ofAll(List<Integer> codes) {
        List<Integer> failures = codes.stream().filter(code -> code != OK).distinct().toList();
        if (failures.contains(UNKNOWN)) {
            return UNKNOWN;
        }
        return switch (failures.size()) {
            case 0 -> OK;
            case 1 -> failures.getFirst();
            default -> FAILED;
        };
    }
}
