package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {
    @TempDir private Path directory;

    @Test
    void readsBothSeparatorsCommentsAndSections() {
        Settings settings = Settings.parse("""
                # a comment
                ; another one
                [DEFAULT]
                host = node-1
                my_ip: 192.0.2.1
                url = rabbit://a:b@c/
                path : a=b

                [cinder]
                host=node-2
                """);

        assertThat(settings.text("DEFAULT", "host", "")).isEqualTo("node-1");
        assertThat(settings.text("DEFAULT", "my_ip", "")).isEqualTo("192.0.2.1");
        assertThat(settings.text("DEFAULT", "url", "")).isEqualTo("rabbit://a:b@c/");
        assertThat(settings.text("DEFAULT", "path", "")).isEqualTo("a=b");
        assertThat(settings.text("cinder", "host", "")).isEqualTo("node-2");
    }

    @Test
    void groupsDifferByNameNotByCaseButDefaultIsOneWord() {
        Settings settings = Settings.parse("[LVM-1]\nvolume_group = a\n[default]\nhost = b");

        assertThat(settings.text("lvm-1", "volume_group", "")).isEqualTo("a");
        assertThat(settings.text("DEFAULT", "host", "absent")).isEqualTo("absent");
    }

    @Test
    void anIndentedLineContinuesTheValueUntilABlankLine() {
        Settings settings = Settings.parse("[a]\nlong = one,\n    two,\n\tthree\n\nother = x");

        assertThat(settings.text("a", "long", "")).isEqualTo("one,\ntwo,\nthree");
        assertThat(settings.list("a", "long", List.of())).containsExactly("one", "two", "three");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\" padded \"| ` padded `",
            "'single'    | single",
            "\"uneven'   | \"uneven'",
            "say \"hi\"  | say \"hi\"",
            "\"          | ``",
    })
    void stripsOnlyQuotesThatMatch(String written, String expected) {
        assertThat(Settings.parse("[a]\nkey = " + written).text("a", "key", "absent")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "$dir/x           | /here/x",
            "${dir}x          | /herex",
            "$other.dir/x     | /there/x",
            "${other.dir}s    | /theres",
            "$top             | of DEFAULT",
            "$chain           | /here/y",
            "a$$b             | a$b",
            "a\\$dir          | a$dir",
            "cash $5          | cash $5",
    })
    void putsReferredOptionsIn(String written, String expected) {
        Settings settings = Settings.parse("""
                [DEFAULT]
                top = of DEFAULT
                dir = of DEFAULT too
                [other]
                dir = /there
                [a]
                dir = /here
                chain = $dir/y
                key = %s
                """.formatted(written));

        assertThat(settings.text("a", "key", "")).isEqualTo(expected);
    }

    @Test
    void aReferenceToItselfIsAProblemNotALoop() {
        assertProblem("[a]\nx = $y\ny = $x", s -> s.text("a", "x", ""), "refers to itself");
    }

    @Test
    void aReferenceToAnOptionThatIsNotSetIsAProblem() {
        assertProblem("[a]\nx = $nothing", s -> s.text("a", "x", ""), "it refers to $nothing, which is not set");
        assertProblem(
                "[a]\nx = $state_path/volumes",
                s -> s.text("a", "x", ""),
                "[a] x: cannot read '$state_path/volumes': it refers to $state_path, which is not set (settings:2)");
    }

    @Test
    void anUnsetOptionOfTheGroupIsNotTakenFromDefault() {
        assertProblem(
                "[DEFAULT]\nvirt_type = qemu\n[libvirt]\nx = $virt_type",
                s -> s.text("libvirt", "x", ""),
                "it refers to $virt_type, which is not set");
    }

    @Test
    void aRepeatedKeyGivesItsLastValueAndAllOfThemWhenAskedFor() {
        Settings settings = Settings.parse("[a]\nkey = one\nkey = two\n[b]\n[a]\nkey = three");

        assertThat(settings.text("a", "key", "")).isEqualTo("three");
        assertThat(settings.multi("a", "key")).containsExactly("one", "two", "three");
        assertThat(settings.multi("a", "none")).isEmpty();
    }

    @Test
    void readsEveryType() {
        Settings settings = Settings.parse("""
                [a]
                whole = 42
                seconds = 1.5
                yes = On
                no = 0
                words = a, b,,c,
                word = keystone
                empty =
                """);

        assertThat(settings.integer("a", "whole", 1)).isEqualTo(42);
        assertThat(settings.seconds("a", "seconds", Duration.ZERO)).isEqualTo(Duration.ofMillis(1500));
        assertThat(settings.bool("a", "yes", false)).isTrue();
        assertThat(settings.bool("a", "no", true)).isFalse();
        assertThat(settings.list("a", "words", List.of())).containsExactly("a", "b", "c");
        assertThat(settings.choice("a", "word", "noauth", List.of("noauth", "keystone"))).isEqualTo("keystone");
        assertThat(settings.text("a", "empty", "absent")).isEmpty();
        assertThat(settings.optionalText("a", "empty")).isEmpty();
        assertThat(settings.optionalText("a", "word")).contains("keystone");
        assertThat(settings.value("a", "word", Path.of("."), Path::of)).isEqualTo(Path.of("keystone"));
        settings.check();
    }

    @Test
    void givesTheFallbackForWhatIsNotThere() {
        Settings settings = Settings.parse("");

        assertThat(settings.integer("a", "b", 7)).isEqualTo(7);
        assertThat(settings.seconds("a", "b", Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(9));
        assertThat(settings.bool("a", "b", true)).isTrue();
        assertThat(settings.list("a", "b", List.of("x"))).containsExactly("x");
        settings.check();
    }

    @Test
    void namesEveryUnreadableAndEveryUnknownKeyTogether() {
        Settings settings = Settings.parse("""
                [DEFAULT]
                rpc_respons_timeout = 60
                workers = many
                [oslo_messaging_rabit]
                rabbit_quorum_queue = true
                [oslo_messaging_rabbit]
                rabbit_retry_interval = -1
                rabbit_ha_queues = perhaps
                this is no setting
                """);
        settings.seconds("DEFAULT", "rpc_response_timeout", Duration.ofSeconds(60));
        settings.integer("DEFAULT", "workers", 1);
        settings.integer("oslo_messaging_rabbit", "rabbit_retry_interval", 1, 0, 100);
        settings.bool("oslo_messaging_rabbit", "rabbit_ha_queues", false);
        settings.requiredText("reseat", "endpoint");

        assertThat(problems(settings))
                .containsExactly(
                        "settings:9: no ':' or '=' found in assignment",
                        "[DEFAULT] workers: cannot read 'many': must be a whole number (settings:3)",
                        "[oslo_messaging_rabbit] rabbit_retry_interval: cannot read '-1': must be from 0 to 100"
                                + " (settings:7)",
                        "[oslo_messaging_rabbit] rabbit_ha_queues: cannot read 'perhaps': must be true or false"
                                + " (settings:8)",
                        "[reseat] endpoint: must be set",
                        "[DEFAULT] rpc_respons_timeout: unknown setting; did you mean rpc_response_timeout?"
                                + " (settings:2)",
                        "[oslo_messaging_rabit] rabbit_quorum_queue: unknown setting; did you mean"
                                + " [oslo_messaging_rabbit] rabbit_quorum_queue? (settings:5)");
    }

    @Test
    void saysWhatIsWrongWithALineWithoutRepeatingIt() {
        assertThat(problems(Settings.parse("early = 1\n  more\n[a\nsecret stuff\n[]\n= 1\n[a]\n\n  lost")))
                .containsExactly(
                        "settings:1: early stands outside any section",
                        "settings:2: unexpected continuation line",
                        "settings:3: invalid section (must end with ])",
                        "settings:4: no ':' or '=' found in assignment",
                        "settings:5: empty section name",
                        "settings:6: key cannot be empty",
                        "settings:9: unexpected continuation line");
    }

    @ParameterizedTest
    @CsvSource({
            "DEFAULT,transport_url", "database,connection", "keystone_authtoken,password", "DEFAULT,some_secret",
            "ceph,rbd_keyring_conf", "DEFAULT,auth_token", "DEFAULT,san_passwd"
    })
    void aSecretIsInNoMessage(String group, String key) {
        Settings settings = Settings.parse("[" + group + "]\n" + key + " = rabbit://u:hunter2@h");
        settings.value(group, key, "", text -> {
            throw new IllegalArgumentException("bad address " + text);
        });

        assertThat(problems(settings))
                .containsExactly("[" + group + "] " + key + ": cannot read '***': bad address *** (settings:2)");
    }

    @Test
    void aSecretPutInByReferenceIsInNoMessage() {
        assertProblem(
                "[database]\nconnection = hunter2\n[a]\nport = ${database.connection}",
                s -> s.value("a", "port", "", text -> {
                    throw new IllegalArgumentException("not a port: " + text);
                }),
                "[a] port: cannot read '${database.connection}': not a port: ${database.connection} (settings:4)");
    }

    @Test
    void laterFilesWinAndDirectoriesAreReadSorted() throws IOException {
        Path first = write("first.conf", "[a]\nx = 1\ny = 1\nz = 1\nm = 1");
        Path extra = Files.createDirectory(directory.resolve("conf.d"));
        write("conf.d/20.conf", "[a]\ny = 20\nm = 20");
        write("conf.d/10.conf", "[a]\ny = 10\nz = 10");
        write("conf.d/30.conf.bak", "[a]\nx = 30");

        Settings settings = Settings.load(List.of(first, extra), Map.of());

        assertThat(settings.integer("a", "x", 0)).isEqualTo(1);
        assertThat(settings.integer("a", "y", 0)).isEqualTo(20);
        assertThat(settings.integer("a", "z", 0)).isEqualTo(10);
        assertThat(settings.multi("a", "m")).containsExactly("1", "20");
    }

    @Test
    void theEnvironmentWinsOverFiles() throws IOException {
        Path file = write("a.conf", "[DEFAULT]\nhost = file\n[lvm]\nport = 1");
        Settings settings = Settings.load(
                List.of(file), Map.of("OS_DEFAULT__HOST", "variable", "OS_LVM__PORT", "x", "OS_USERNAME", "me"));

        assertThat(settings.text("DEFAULT", "host", "")).isEqualTo("variable");
        settings.integer("lvm", "port", 0);
        assertThat(problems(settings))
                .containsExactly(
                        "[lvm] port: cannot read 'x': must be a whole number (environment variable OS_LVM__PORT)");
    }

    @Test
    void aMisspeltVariableIsUnknownToo() {
        assertThat(problems(Settings.load(List.of(), Map.of("OS_DEFAULT__HOTS", "x", "OS_LIBVIRT__VIRT_TYPE", "kvm"))))
                .containsExactly("environment variable OS_DEFAULT__HOTS: unknown setting");
    }

    @Test
    void aMissingFileStopsTheStart() {
        assertThatThrownBy(() -> Settings.load(List.of(directory.resolve("none.conf")), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("none.conf: cannot be read");
    }

    @Test
    void checkedGathersWhatAConfigRecordRefuses() {
        Settings settings = Settings.parse("[a]\nx = many\nport = 0");

        SettingsException refused = catchThrowableOfType(
                SettingsException.class,
                () -> settings.checked(s -> {
                    s.integer("a", "x", 1);
                    throw new IllegalArgumentException("[a] port: must be positive");
                }));

        assertThat(refused.problems())
                .containsExactly(
                        "[a] x: cannot read 'many': must be a whole number (settings:2)", "[a] port: must be positive");
        assertThat(Settings.parse("[a]\nx = 5").<Integer>checked(s -> s.integer("a", "x", 1))).isEqualTo(5);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static void assertProblem(String text, Consumer<Settings> reading, String expected) {
        Settings settings = Settings.parse(text);
        reading.accept(settings);
        assertThat(problems(settings)).anySatisfy(problem -> assertThat(problem).contains(expected));
    }

    private static List<String> problems(Settings settings) {
        return catchThrowableOfType(SettingsException.class, settings::check).problems();
    }
}
