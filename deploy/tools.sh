# Read by the scripts of this folder: what they need to build Reseat. They set $program, which begins every message.

say() { printf '%s: %s\n' "$program" "$*" >&2; }

check_build_tools() {
    command -v mvn >/dev/null || { say "Maven is missing: install Maven 3.8 or newer."; exit 1; }
    local log
    if ! log=$(mvn -B -ntp -N -Dfast validate 2>&1); then
        case $log in
            *"matching toolchain"*) say "JDK 25 is missing: install one, for instance Temurin 25 under /usr/lib/jvm." ;;
            *) printf '%s\n' "$log" >&2 ;;
        esac
        exit 1
    fi
}
