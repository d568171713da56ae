package io.athanor.domain.hash;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The part of Solidity's {@code abi.encode} that fixed-size leaves need: one 32-byte word a value, in order.
 *
 * <p>Source: Solidity's contract ABI specification, static types.
 */
public final class Abi {
    private Abi() {}

    /** The ordered fields of one encoding, made once and used for every value; immutable. */
    public static final class Layout {
        private final List<String> names;
        private final List<SolidityType.Word> types;

        private Layout(List<String> names, List<SolidityType.Word> types) {
            this.names = List.copyOf(names);
            this.types = List.copyOf(types);
        }

        /**
         * A layout from declarations such as {@code "bytes32 job", "uint256 cost"}.
         *
         * @throws IllegalArgumentException for a type of dynamic size, an unknown type, or a repeated name
         */
        public static Layout of(String... declarations) {
            List<String> names = new ArrayList<>();
            List<SolidityType.Word> types = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (String declaration : declarations) {
                String[] parts = declaration.split(" ", 2);
                if (parts.length != 2 || parts[1].isBlank() || !seen.add(parts[1])) {
                    throw new IllegalArgumentException("expected 'type name' with a new name: '" + declaration + "'");
                }
                types.add(wordType(parts[0], parts[1]));
                names.add(parts[1]);
            }
            return new Layout(names, types);
        }

        private static SolidityType.Word wordType(String type, String name) {
            if (SolidityType.parse(type) instanceof SolidityType.Word word) {
                return word;
            }
            throw new IllegalArgumentException("field '" + name + "': " + type + " is not one word");
        }

        /**
         * The values in field order as {@code abi.encode} would give them: 32 bytes each.
         *
         * <p>Java types: BigInteger, long, int, short, byte for uint; String or byte[20] for address; {@link Hash32} or
         * byte[32] for bytes32; boolean for bool.
         *
         * @throws IllegalArgumentException naming the field that does not fit, or for another number of values
         */
        public byte[] encode(Object... values) {
            if (values.length != types.size()) {
                throw new IllegalArgumentException("expected " + types.size() + " values, got " + values.length);
            }
            byte[] encoded = new byte[values.length * SolidityType.WORD_BYTES];
            for (int i = 0; i < values.length; i++) {
                byte[] word = types.get(i).word(values[i], names.get(i));
                System.arraycopy(word, 0, encoded, i * SolidityType.WORD_BYTES, SolidityType.WORD_BYTES);
            }
            return encoded;
        }
    }
}
