package dev.reseat.rpc.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
    private static final int LONGEST = 40; // some words, and what is no whole word

    @Test
    void every_byte_ends_the_plain_text_at_every_place_or_nowhere() {
        for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
            boolean isPlain = value >= ' ' && value != '"' && value != '\\';
            for (int length = 1; length <= LONGEST; length++) {
                for (int at = 0; at < length; at++) {
                    byte[] bytes = plain(length);
                    bytes[at] = (byte) value;
                    assertThat(PlainText.end(bytes, 0, length)).isEqualTo(isPlain ? length : at);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\\", "\n", "\u0080"})
    void the_end_of_a_long_text_is_found_wherever_it_is(String other) {
        for (int length : new int[]{64, 65, 1087, 1088, 1089, 4000}) {
            byte[] bytes = plain(length);
            assertThat(PlainText.end(bytes, 0, length)).isEqualTo(length);
            for (int at = 0; at < length; at++) {
                bytes[at] = other.getBytes(StandardCharsets.ISO_8859_1)[0];
                assertThat(PlainText.end(bytes, 0, length)).isEqualTo(at);
                assertThat(PlainText.end(bytes, 0, at)).isEqualTo(at);
                bytes[at] = 'x';
            }
        }
    }

    @Test
    void what_is_not_plain_does_not_hide_behind_another_one() {
        var random = new Random(20261122);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[random.nextInt(LONGEST)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(8) > 0 ? (byte) (' ' + random.nextInt(3)) : bytes[i];
            }
            int from = random.nextInt(bytes.length + 1);
            int end = IntStream.range(from, bytes.length)
                    .filter(i -> bytes[i] < ' ' || bytes[i] == '"' || bytes[i] == '\\')
                    .findFirst()
                    .orElse(bytes.length);
            assertThat(PlainText.end(bytes, from, bytes.length)).isEqualTo(end);
            byte[] copy = new byte[3 + bytes.length];
            assertThat(PlainText.copy(bytes, from, bytes.length, copy, 3)).isEqualTo(end - from);
            assertThat(Arrays.copyOfRange(copy, 3, 3 + end - from)).isEqualTo(Arrays.copyOfRange(bytes, from, end));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "12345678?", "plain, isn't it? 0123456789 {}[]:", "\u007f"})
    void plain_texts_are_given_as_bytes(String text) {
        assertThat(PlainText.bytes(text)).hasValue(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "a long text with a \\ in it", "\n", "\u0080", "é", "Ł", "水", "\ud83d\ude00",
            "\ud83d", "?\ude00", "12345678\ude00",
            "\ud83d12345678"})
    void other_texts_are_not(String text) {
        assertThat(PlainText.bytes(text)).isEmpty();
    }

    private static byte[] plain(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }
}
