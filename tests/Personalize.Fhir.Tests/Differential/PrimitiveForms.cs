using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Tests;

/// <summary>Right and wrong ways to write the values of primitives, as they stand in JSON.</summary>
internal static class PrimitiveForms
{
    private static readonly string[] OfStrings = ["\"\"", "\" \"", "\"\\n\"", "\" x\"", "\"x \"", "\"x y\"", "\"x  y\"", "\"x\\ty\"", "\"x\\u0000y\"", "\"x\\u0007y\"", "\"x\\u00a0y\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"é\""];

    private static readonly string[] OfAny = ["1", "1.5", "true", "\"x\"", "{}", "{\"id\":\"x\"}", "[]", "null", "\"1\"", "\"true\"", "\"null\""];

    private static readonly string[] OfDates =
    [
        "\"2020\"", "\"2020-02\"", "\"2020-02-29\"", "\"2021-02-29\"", "\"2020-02-30\"", "\"2020-13-01\"", "\"2020-00-01\"", "\"2020-01-00\"", "\"2020-2-1\"", "\"20200201\"", "\"0000-01-01\"", "\"0000\"", "\"0001-01-01\"", "\"9999-12-31\"", "\"10000-01-01\"",
        "\"-2020-01-01\"", "\"2020-02-01 \"", "\" 2020-02-01\"", "\"2020-\"", "\"02/01/2020\"", "\"2020-02-01T10\"", "\"2020-02-01T10:00\"", "\"2020-02-01T10:00Z\"", "\"2020-02-01T10:00:00\"", "\"2020-02-01T10:00:00Z\"", "\"2020-02-01T10:00:00z\"",
        "\"2020-02-01t10:00:00Z\"", "\"2020-02-01 10:00:00Z\"", "\"2020-02-01T24:00:00Z\"", "\"2020-02-01T23:60:00Z\"", "\"2020-02-01T23:59:60Z\"", "\"2016-12-31T23:59:60Z\"", "\"2020-02-01T23:59:61Z\"", "\"2020-02-01T10:00:00.5Z\"", "\"2020-02-01T10:00:00.Z\"", "\"2020-02-01T10:00:00,5Z\"",
        "\"2020-02-01T10:00:00.123456789Z\"", "\"2020-02-01T10:00:00.12345678901234567890Z\"", "\"2020-02-01T10:00:00+14:00\"", "\"2020-02-01T10:00:00+14:01\"", "\"2020-02-01T10:00:00+15:00\"", "\"2020-02-01T10:00:00-00:00\"", "\"2020-02-01T10:00:00+0100\"", "\"2020-02-01T10:00:00+01\"",
        "\"2020-02-01T10:00:00+13:60\"", "\"2020-02Z\"", "\"2020-02-01Z\"", "\"2020-02T10:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"",
    ];

    private static readonly string[] OfTimes =
        ["\"10:00\"", "\"10:00:00\"", "\"10\"", "\"24:00:00\"", "\"23:60:00\"", "\"10:00:60\"", "\"10:00:61\"", "\"10:00:00Z\"", "\"10:00:00+01:00\"", "\"10:00:00.5\"", "\"10:00:00.\"", "\"10:00:00.123456789\"", "\"T10:00:00\"", "\"1:00:00\"", "\" 10:00:00\""];

    private static readonly string[] OfIntegers =
        ["0", "-0", "-1", "1.0", "1.5", "1e2", "1E0", "2147483647", "2147483648", "-2147483648", "-2147483649", "99999999999999999999", "\"5\"", "01", "+1"];

    private static readonly string[] OfDecimals =
    [
        "0", "-0", "-0.0", "1.50", "1e2", "1E-2", "1.0e+5", "1e28", "1e29", "1e400", "1e-400", "0.0000000000000000000000000001", "0.00000000000000000000000000001", "123456789012345678", "1234567890123456789", "79228162514264337593543950335",
        "79228162514264337593543950336", new string('9', 60), "1." + new string('3', 60), "\"1.5\"", "\"NaN\"", "NaN", ".5", "5.", "01.5", "+1.5",
    ];

    private static readonly string[] OfUris =
        ["\"a b\"", "\"http://example.org/a b\"", "\"http://example.org/ü\"", "\"http://[\"", "\"%%\"", "\"http://example.org/%zz\"", "\"urn:oid:x\"", "\"urn:oid:1.2.3\"", "\"urn:oid:3.1\"", "\"urn:uuid:x\"", "\"urn:uuid:C757873D-EC9A-4326-A141-556F43239520\"", "\"urn:uuid:c757873d-ec9a-4326-a141-556f43239520\"",
            "\"http://example.org|1|2\"", "\"#\"", "\"#x\"", "\"1.2.3\"", "\"<x>\"", "\"\\\\x\"", "\"urn:oid:1.02\"", "\"urn:oid:1\"", "\"urn:oid:1.\"", "\"c757873d-ec9a-4326-a141-556f43239520\"", "\"C757873D-EC9A-4326-A141-556F43239520\""];

    private static readonly string[] OfIds = ["\"a_b\"", "\"a b\"", "\"a.b-C\"", "\"a/b\"", "\"" + new string('a', 64) + "\"", "\"" + new string('a', 65) + "\""];

    private static readonly string[] OfBase64 = ["\"a\"", "\"YQ==\"", "\"YQ=\"", "\"YQ\"", "\"YWI=\"", "\"####\"", "\"Y Q = =\"", "\"YQ==\\n\"", "\"YQ==YQ==\"", "\"-_-_\"", "\"YWJj\\r\\nYWJj\"", "\"====\"", "\"YR==\""];

    private const string Div = "<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">";

    private static readonly string[] OfXhtml =
    [
        "\"x\"", "\"<div>x</div>\"", $"\"{Div}x</div>\"", $"\"{Div}</div>\"", $"\"{Div} </div>\"", $"\"{Div}<script>x</script></div>\"", $"\"{Div}<p>x</div>\"", $"\"{Div}<p onclick=\\\"x\\\">x</p></div>\"", $"\"{Div}&nbsp;x</div>\"", $"\"{Div}&unknown;x</div>\"",
        $"\"{Div}<img src=\\\"a.png\\\"/></div>\"", $"\"{Div}<form>x</form></div>\"", $"\" {Div}x</div>\"", $"\"{Div}x</div> \"", "\"<p xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</p>\"", $"\"{Div}x</div>{Div}y</div>\"", $"\"<!-- x -->{Div}x</div>\"", $"\"<?xml version=\\\"1.0\\\"?>{Div}x</div>\"",
    ];

    /// <summary>All of one primitive type.</summary>
    public static IEnumerable<string> Of(PrimitiveKind kind) => OfAny.Concat(Own(kind)).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Own(PrimitiveKind kind) => kind switch
    {
        PrimitiveKind.Boolean => ["false", "\"false\"", "True", "0"],
        PrimitiveKind.Integer or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt => OfIntegers,
        PrimitiveKind.Decimal => OfDecimals,
        PrimitiveKind.Date or PrimitiveKind.DateTime or PrimitiveKind.Instant => OfStrings.Concat(OfDates),
        PrimitiveKind.Time => OfStrings.Concat(OfTimes),
        PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical or PrimitiveKind.Oid or PrimitiveKind.Uuid => OfStrings.Concat(OfUris),
        PrimitiveKind.Id => OfStrings.Concat(OfIds),
        PrimitiveKind.Base64Binary => OfStrings.Concat(OfBase64),
        PrimitiveKind.Xhtml => OfStrings.Concat(OfXhtml),
        _ => OfStrings,
    };
}
