# Read by every script in bin/, whose $0 tells where Reseat is installed.

launch_home=$(dirname "$(dirname "$(readlink -f "$0")")")
launch_log=logback.xml
launch_flags=

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

# For processes of which there is one per host: starts fast, stays small. A young generation that is collected while it is
# small, one compiler thread, and what it and others have freed goes back to the system; what each saves: deploy/benchmark.
launch_small() {
    launch_flags="-XX:+UseSerialGC -Xms6m -Xmn3m -Xmx64m -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1"
    launch_flags="$launch_flags -XX:-UsePerfData -XX:TrimNativeHeapInterval=10000 -Dguice_bytecode_gen_option=DISABLED"
    export MALLOC_ARENA_MAX=1
    launch "$@"
}

# launch MAIN_CLASS [ARGUMENT...]; RESEAT_JAVA_OPTS adds flags or overrides those given here.
launch() {
    main=$1
    shift
    java=$(find_java) || exit 1
    # shellcheck disable=SC2086 # flags are several words
    exec "$java" -Dguice_custom_class_loading=CHILD --enable-native-access=ALL-UNNAMED \
        "-Dreseat.home=$launch_home" "-Dlogback.configurationFile=$launch_home/etc/$launch_log" $launch_flags ${RESEAT_JAVA_OPTS:-} \
        -cp "$launch_home/lib/*" "$main" "$@"
}
