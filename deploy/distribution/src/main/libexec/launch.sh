# Read by every script in bin/, whose $0 tells where Reseat is installed.

launch_home=$(dirname "$(dirname "$(readlink -f "$0")")")

# Prints the first java that is 25 or newer.
find_java() {
    if [ -n "${RESEAT_JAVA_HOME:-}" ]; then
        set -- "$RESEAT_JAVA_HOME"
    else
        set -- "${JAVA_HOME:-}" /usr/lib/jvm/*25* "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")"
    fi
    for java_home; do
        major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release" 2>/dev/null)
        if [ "${major:-0}" -ge 25 ] && [ -x "$java_home/bin/java" ]; then
            echo "$java_home/bin/java"
            return
        fi
    done
    echo "Reseat needs Java 25 or newer: install one, for instance Temurin 25, and set RESEAT_JAVA_HOME to it" \
        "unless it is under /usr/lib/jvm." >&2
    return 1
}

# launch PROGRAM MAIN_CLASS [ARGUMENT...], with the options of etc/jvm; RESEAT_JAVA_OPTS adds some or overrides those. A
# program logs as logback-cli.xml says, unless its options have it log as JSON.
launch() {
    options=$launch_home/etc/jvm/$1.options
    main=$2
    shift 2
    java=$(find_java) || exit 1
    export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
    # shellcheck disable=SC2086 # options are several words
    exec "$java" "@$options" "-Dreseat.home=$launch_home" "-Dlogback.configurationFile=$launch_home/etc/logback-cli.xml" \
        ${RESEAT_JAVA_OPTS:-} -cp "$launch_home/lib/*" "$main" "$@"
}
