package io.athanor.domain.hash;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A Solidity type and the 32-byte word that stands for a value of it.
 *
 * <p>For a {@link Word} the word is the ABI encoding itself; for the others it is the hash that EIP-712 puts in its place.
 * A value that does not fit is an {@link IllegalArgumentException} naming the field.
 */
sealed interface SolidityType {
    int WORD_BYTES = 32;

    /** The name in a type string, such as {@code uint256[]}. */
    String name();

    /** The word for a value; {@code field} is the name used in errors. */
    byte[] word(Object value, String field);

    /** A type whose ABI encoding is exactly one word. */
    sealed interface Word extends SolidityType {}

    /** Unsigned integer of 8 to 256 bits; Java: BigInteger, Long, Integer, Short, Byte. */
    record Uint(int bits) implements Word {
        public Uint {
            if (bits < 8 || bits > 256 || bits % 8 != 0) {
                throw new IllegalArgumentException("no type uint" + bits);
            }
        }

        @Override
        public String name() {
            return "uint" + bits;
        }

        @Override
        public byte[] word(Object value, String field) {
            BigInteger number = number(value, field);
            if (number.signum() < 0 || number.bitLength() > bits) {
                throw misfit(field, name() + " cannot hold " + number);
            }
            return leftPad(number.toByteArray());
        }

        private BigInteger number(Object value, String field) {
            return switch (value) {
                case BigInteger n -> n;
                case Long n -> BigInteger.valueOf(n);
                case Integer n -> BigInteger.valueOf(n);
                case Short n -> BigInteger.valueOf(n);
                case Byte n -> BigInteger.valueOf(n);
                default -> throw wrongType(field, this, value);
            };
        }
    }

    /** {@code address}; Java: String accepted by {@link Eip55#parseLenient}, or 20 bytes. */
    record Address() implements Word {
        @Override
        public String name() {
            return "address";
        }

        @Override
        public byte[] word(Object value, String field) {
            byte[] address = switch (value) {
                case String text -> parse(text, field);
                case byte[] bytes -> bytes;
                default -> throw wrongType(field, this, value);
            };
            if (address.length != Eip55.ADDRESS_BYTES) {
                throw misfit(field, "address has 20 bytes, got " + address.length);
            }
            return leftPad(address);
        }

        private static byte[] parse(String text, String field) {
            try {
                return Eip55.bytes(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("field '" + field + "': " + e.getMessage(), e);
            }
        }
    }

    /** {@code bool}; Java: Boolean. */
    record Bool() implements Word {
        @Override
        public String name() {
            return "bool";
        }

        @Override
        public byte[] word(Object value, String field) {
            if (!(value instanceof Boolean bool)) {
                throw wrongType(field, this, value);
            }
            return leftPad(new byte[] {(byte) (bool ? 1 : 0)});
        }
    }

    /** {@code bytes32}; Java: {@link Hash32} or 32 bytes. */
    record Bytes32() implements Word {
        @Override
        public String name() {
            return "bytes32";
        }

        @Override
        public byte[] word(Object value, String field) {
            byte[] bytes = switch (value) {
                case Hash32 hash -> hash.bytes();
                case byte[] raw -> raw.clone();
                default -> throw wrongType(field, this, value);
            };
            if (bytes.length != WORD_BYTES) {
                throw misfit(field, "bytes32 has 32 bytes, got " + bytes.length);
            }
            return bytes;
        }
    }

    /** {@code string}; Java: String. Text that is no valid Unicode is refused, since two such texts would sign alike. */
    record Text() implements SolidityType {
        @Override
        public String name() {
            return "string";
        }

        @Override
        public byte[] word(Object value, String field) {
            if (!(value instanceof String text)) {
                throw wrongType(field, this, value);
            }
            try {
                ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
                byte[] bytes = new byte[utf8.remaining()];
                utf8.get(bytes);
                return Keccak256.hash(bytes);
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("field '" + field + "': string is not valid Unicode", e);
            }
        }
    }

    /** {@code bytes}; Java: byte[]. */
    record Bytes() implements SolidityType {
        @Override
        public String name() {
            return "bytes";
        }

        @Override
        public byte[] word(Object value, String field) {
            if (!(value instanceof byte[] bytes)) {
                throw wrongType(field, this, value);
            }
            return Keccak256.hash(bytes);
        }
    }

    /** {@code T[]} (length -1) or {@code T[n]}; Java: List. */
    record Array(SolidityType element, int length) implements SolidityType {
        static final int ANY_LENGTH = -1;

        @Override
        public String name() {
            return element.name() + (length == ANY_LENGTH ? "[]" : "[" + length + "]");
        }

        @Override
        public byte[] word(Object value, String field) {
            if (!(value instanceof List<?> list)) {
                throw wrongType(field, this, value);
            }
            if (length != ANY_LENGTH && list.size() != length) {
                throw misfit(field, name() + " got " + list.size() + " elements");
            }
            byte[][] words = new byte[list.size()][];
            for (int i = 0; i < words.length; i++) {
                words[i] = element.word(list.get(i), field + "[" + i + "]");
            }
            return Keccak256.hash(words);
        }
    }

    /** A nested struct; Java: Map of field name to value. */
    record Struct(Eip712.Type type) implements SolidityType {
        @Override
        public String name() {
            return type.name();
        }

        @Override
        public byte[] word(Object value, String field) {
            if (!(value instanceof Map<?, ?> values)) {
                throw wrongType(field, this, value);
            }
            return type.hashStruct(values, field + ".");
        }
    }

    /** The type of a name such as {@code bytes32}, {@code uint8[]} or {@code address[3]}; no structs. */
    static SolidityType parse(String name) {
        int bracket = name.lastIndexOf('[');
        if (bracket > 0 && name.endsWith("]")) {
            return new Array(parse(name.substring(0, bracket)), arrayLength(name, bracket));
        }
        return switch (name) {
            case "address" -> new Address();
            case "bool" -> new Bool();
            case "bytes32" -> new Bytes32();
            case "string" -> new Text();
            case "bytes" -> new Bytes();
            default -> parseUint(name);
        };
    }

    private static SolidityType parseUint(String name) {
        if (!name.matches("uint[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("unknown type '" + name + "'");
        }
        return new Uint(Integer.parseInt(name.substring("uint".length())));
    }

    private static int arrayLength(String name, int bracket) {
        String length = name.substring(bracket + 1, name.length() - 1);
        if (!length.matches("([1-9][0-9]{0,8})?")) {
            throw new IllegalArgumentException("unknown type '" + name + "'");
        }
        return length.isEmpty() ? Array.ANY_LENGTH : Integer.parseInt(length);
    }

    private static byte[] leftPad(byte[] bytes) {
        byte[] word = new byte[WORD_BYTES];
        // BigInteger.toByteArray of a full-width number leads with a sign byte, which is zero here.
        int length = Math.min(bytes.length, WORD_BYTES);
        System.arraycopy(bytes, bytes.length - length, word, WORD_BYTES - length, length);
        return word;
    }

    private static IllegalArgumentException wrongType(String field, SolidityType type, Object value) {
        return misfit(
                field, type.name() + " cannot be made from " + value.getClass().getSimpleName());
    }

    private static IllegalArgumentException misfit(String field, String problem) {
        return new IllegalArgumentException("field '" + field + "': " + problem);
    }
}
