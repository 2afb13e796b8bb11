using System.Globalization;
using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Search;

/// <summary>Takes the values of one element. Source: FHIR R4, Search, the tables under each parameter type.</summary>
/// <param name="tree">The table that the element lies in.</param>
/// <param name="into">Takes the values.</param>
/// <param name="copies">True when the table is not that of the resource: its texts must be kept.</param>
internal readonly ref struct IndexTaking(JsonTree tree, IndexEntries into, bool copies)
{
    private static readonly ushort _system = Id("system"), _code = Id("code"), _value = Id("value"), _coding = Id("coding"), _reference = Id("reference"), _identifier = Id("identifier"),
        _start = Id("start"), _end = Id("end"), _event = Id("event"), _repeat = Id("repeat"), _boundsPeriod = Id("boundsPeriod"), _id = Id("id"),
        _low = Id("low"), _high = Id("high"), _unit = Id("unit"), _currency = Id("currency"), _comparator = Id("comparator"),
        _display = Id("display"), _text = Id("text"), _type = Id("type");

    private static readonly ushort[] _nameParts = [Id("family"), Id("given"), Id("prefix"), Id("suffix"), Id("text")];
    private static readonly ushort[] _addressParts = [Id("line"), Id("city"), Id("district"), Id("state"), Id("postalCode"), Id("country"), Id("text")];

    /// <summary>Adds the values of the element at that row.</summary>
    public void Take(IndexForm form, int row)
    {
        switch (form)
        {
            case IndexForm.Text:
                String(row);
                break;
            case IndexForm.NameParts:
                Parts(row, _nameParts);
                break;
            case IndexForm.AddressParts:
                Parts(row, _addressParts);
                break;
            case IndexForm.Code:
                Token(-1, row);
                break;
            case IndexForm.Coding:
                Coding(row);
                break;
            case IndexForm.Concept:
                Concept(row);
                break;
            case IndexForm.Identifier:
                Identifier(row);
                break;
            case IndexForm.ContactPoint:
                Token(-1, Child(row, _value));
                break;
            case IndexForm.Moment or IndexForm.Period or IndexForm.Timing:
                Date(form, row);
                break;
            case IndexForm.Number:
                Amount(row, -1, -1, -1, default);
                break;
            case IndexForm.Quantity:
                Quantity(row);
                break;
            case IndexForm.Money:
                Amount(Child(row, _value), Child(row, _comparator), Child(row, _currency), Child(row, _unit), into.Keep("urn:iso:std:iso:4217"u8));
                break;
            case IndexForm.Range:
                Range(Child(row, _low), Child(row, _high));
                break;
            case IndexForm.Reference:
                Reference(Child(row, _reference));
                if (Child(row, _identifier) is >= 0 and var identifier)
                    into.Add(IndexKind.Identifier, Text(Child(identifier, _system)), Text(Child(identifier, _value)));
                break;
            case IndexForm.OwnId:
                OwnId(row);
                break;
            case IndexForm.Canonical:
                Canonical(row);
                break;
            case IndexForm.Uri when Rows.HasText(tree, row):
                into.Add(IndexKind.Uri, default, Text(row));
                break;
        }
    }

    /// <summary>Adds a value that is no element, such as the result of <c>exists()</c>.</summary>
    public void Take(SearchParameterType type, object? value)
    {
        if (type == SearchParameterType.Token && value is bool flag)
            into.Add(IndexKind.Token, default, into.Keep(flag ? "true"u8 : "false"u8));
        else if (type == SearchParameterType.Token && value is string code)
            into.Add(IndexKind.Token, default, into.Keep(code));
        else if (type == SearchParameterType.String && value is string { Length: > 0 } text)
            into.Add(IndexKind.String, default, into.Keep(text), into.Keep(SearchText.Normal(text)));
        else if (value is int or long or decimal && type is SearchParameterType.Number or SearchParameterType.Quantity)
            Number(default, default, default, Convert.ToDouble(value, CultureInfo.InvariantCulture), Convert.ToDouble(value, CultureInfo.InvariantCulture));
    }

    private static ushort Id(string name) => FhirSchema.R4.Names.Id(name);

    private int Child(int row, ushort name) => Rows.Child(tree, row, name);

    /// <summary>The text of a primitive, unescaped; empty when there is none.</summary>
    private IndexText Text(int row)
    {
        if (!Rows.HasText(tree, row))
            return default;
        ref readonly var token = ref tree[row];
        return token.Has(JsonMarks.Escaped) ? into.Keep(tree.Text(row)) : copies ? into.Keep(tree.Raw(row)) : new(token.Start, token.Length);
    }

    private ReadOnlySpan<byte> Bytes(int row) => Rows.Text(tree, row);

    private void Parts(int row, ushort[] names)
    {
        if (tree[row].Kind != JsonKind.Object)
            return;
        for (var at = row + 1; at < tree[row].Next; at = tree[at].Next)
            if (!tree[at].Has(JsonMarks.Twin) && Array.IndexOf(names, tree[at].Name) >= 0)
                if (tree[at].Kind == JsonKind.Array)
                    for (var item = at + 1; item < tree[at].Next; item = tree[item].Next)
                        String(item);
                else
                    String(at);
    }

    private void String(int row)
    {
        if (!Rows.HasText(tree, row) || tree[row].Length == 0)
            return;
        var text = Text(row);
        var bytes = Bytes(row);
        into.Add(IndexKind.String, default, text, IsPlain(bytes) ? Lower(bytes, text) : into.Keep(SearchText.Normal(tree.Text(row))));
    }

    private IndexText Lower(ReadOnlySpan<byte> plain, IndexText text) => plain.ContainsAnyInRange((byte)'A', (byte)'Z') ? into.KeepLower(plain) : text;

    /// <summary>Printable ASCII with single spaces inside: only the case is to be taken away.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> text) =>
        !text.ContainsAnyExceptInRange((byte)' ', (byte)'~') && text[0] != ' ' && text[^1] != ' ' && text.IndexOf("  "u8) < 0;

    private void Token(int system, int code)
    {
        if (Rows.HasText(tree, system) || Rows.HasText(tree, code))
            into.Add(IndexKind.Token, Text(system), Text(code));
    }

    // In one go: codings are what search parameters find most.
    private void Coding(int row)
    {
        if (tree[row].Kind != JsonKind.Object)
            return;
        var (system, code, display) = (-1, -1, -1);
        for (int at = row + 1, end = tree[row].Next; at < end; at = tree[at].Next)
            if (!tree[at].Has(JsonMarks.Twin))
            {
                if (tree[at].Name == _system)
                    system = at;
                else if (tree[at].Name == _code)
                    code = at;
                else if (tree[at].Name == _display)
                    display = at;
            }
        Token(system, code);
        Words(display);
    }

    /// <summary>What people read.</summary>
    private void Words(int row)
    {
        if (!Rows.HasText(tree, row) || tree[row].Length == 0)
            return;
        var bytes = Bytes(row);
        var normal = IsPlain(bytes) && bytes.Length <= SearchText.LongestWords ? Lower(bytes, Text(row)) : into.Keep(SearchText.Words(tree.Text(row)));
        if (normal.Length > 0)
            into.Add(IndexKind.Words, default, normal);
    }

    private void Identifier(int row)
    {
        var value = Child(row, _value);
        Token(Child(row, _system), value);
        if (Child(row, _type) is not (>= 0 and var type))
            return;
        Words(Child(type, _text));
        if (!Rows.HasText(tree, value) || Item(type, _coding) is not (>= 0 and var codings))
            return;
        for (var at = codings + 1; at < tree[codings].Next; at = tree[at].Next)
            if (Child(at, _code) is >= 0 and var code)
                into.Add(IndexKind.OfType, Text(Child(at, _system)), into.KeepJoined(Bytes(code), Bytes(value)));
    }

    /// <summary>The array of that name in an object; -1 when there is none.</summary>
    private int Item(int row, ushort name)
    {
        if (tree[row].Kind == JsonKind.Object)
            for (var at = row + 1; at < tree[row].Next; at = tree[at].Next)
                if (tree[at].Name == name && tree[at].Kind == JsonKind.Array && !tree[at].Has(JsonMarks.Twin))
                    return at;
        return -1;
    }

    private void Concept(int row)
    {
        if (tree[row].Kind != JsonKind.Object)
            return;
        for (var at = row + 1; at < tree[row].Next; at = tree[at].Next)
            if (tree[at].Name == _coding && tree[at].Kind == JsonKind.Array)
                for (var item = at + 1; item < tree[at].Next; item = tree[item].Next)
                    Coding(item);
            else if (tree[at].Name == _text && !tree[at].Has(JsonMarks.Twin))
                Words(at);
    }

    private void Date(IndexForm form, int row)
    {
        if (Span(form, row, out var range) && range != new TimeRange(long.MinValue, long.MaxValue))
            into.Add(IndexKind.Date, default, default, default, range.From, range.Until);
    }

    private bool Span(IndexForm form, int row, out TimeRange range)
    {
        switch (form)
        {
            case IndexForm.Moment:
                return Moment(row, out range);
            case IndexForm.Period:
                range = new(Moment(Child(row, _start), out var start) ? start.From : long.MinValue, Moment(Child(row, _end), out var end) ? end.Until : long.MaxValue);
                return true;
            default:
                return Events(row, out range) || (Child(Child(row, _repeat), _boundsPeriod) is >= 0 and var bounds && Span(IndexForm.Period, bounds, out range));
        }
    }

    private bool Moment(int row, out TimeRange range)
    {
        range = default;
        return Rows.HasText(tree, row) && IndexDates.TryRead(Bytes(row), out range);
    }

    /// <summary>From the first to the last event.</summary>
    private bool Events(int timing, out TimeRange range)
    {
        range = new(long.MaxValue, long.MinValue);
        if (tree[timing].Kind == JsonKind.Object)
            for (var at = timing + 1; at < tree[timing].Next; at = tree[at].Next)
                if (tree[at].Name == _event && tree[at].Kind == JsonKind.Array && !tree[at].Has(JsonMarks.Twin))
                    for (var item = at + 1; item < tree[at].Next; item = tree[item].Next)
                        if (Moment(item, out var one))
                            range = new(Math.Min(range.From, one.From), Math.Max(range.Until, one.Until));
        return range.From != long.MaxValue;
    }

    private void Range(int low, int high)
    {
        var (isLow, isHigh) = (Double(Child(low, _value), out var from), Double(Child(high, _value), out var to));
        var unit = low >= 0 ? low : high;
        if (isLow || isHigh)
            Number(Text(Child(unit, _system)), Text(Child(unit, _code)), Text(Child(unit, _unit)), isLow ? from : double.MinValue, isHigh ? to : double.MaxValue);
        if ((isLow || isHigh) && UnitOf(Child(unit, _system), Child(unit, _code)) is { } scale)
            Canonical(scale, isLow && Scaled(scale, Child(low, _value)) is { } least ? least : double.MinValue, isHigh && Scaled(scale, Child(high, _value)) is { } most ? most : double.MaxValue);
    }

    /// <summary>The unit when it is one of UCUM that is known.</summary>
    private UcumScale? UnitOf(int system, int code)
    {
        if (!Rows.HasText(tree, system) || !Rows.HasText(tree, code) || tree[code].Length > Ucum.LongestCode || !Bytes(system).SequenceEqual("http://unitsofmeasure.org"u8))
            return null;
        Span<char> text = stackalloc char[Ucum.LongestCode];
        return Encoding.UTF8.TryGetChars(Bytes(code), text, out var length) ? Ucum.Scale(text[..length]) : null;
    }

    private double? Scaled(UcumScale scale, int row) => decimal.TryParse(Bytes(row), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? scale.Of(value) : null;

    private void Canonical(UcumScale scale, double low, double high) =>
        into.Add(IndexKind.Canonical, default, into.Keep(scale.Dimension), default, BitConverter.DoubleToInt64Bits(low), BitConverter.DoubleToInt64Bits(high));

    private void Quantity(int row)
    {
        if (tree[row].Kind != JsonKind.Object)
            return;
        var (value, comparator, unit, system, code) = (-1, -1, -1, -1, -1);
        for (int at = row + 1, end = tree[row].Next; at < end; at = tree[at].Next)
            if (!tree[at].Has(JsonMarks.Twin))
            {
                var name = tree[at].Name;
                if (name == _value)
                    value = at;
                else if (name == _unit)
                    unit = at;
                else if (name == _system)
                    system = at;
                else if (name == _code)
                    code = at;
                else if (name == _comparator)
                    comparator = at;
            }
        Amount(value, comparator, code, unit, Text(system));
        if (Rows.HasText(tree, value) && UnitOf(system, code) is { } scale && Scaled(scale, value) is { } scaled)
        {
            var (low, high) = Open(comparator, scaled);
            Canonical(scale, low, high);
        }
    }

    private void Amount(int row, int comparator, int code, int unit, IndexText system)
    {
        if (!Double(row, out var value))
            return;
        var (low, high) = Open(comparator, value);
        Number(system, Text(code), Text(unit), low, high);
    }

    /// <summary>A comparator makes it a range with one open end.</summary>
    private (double Low, double High) Open(int comparator, double value)
    {
        var sign = Bytes(comparator);
        return sign.StartsWith("<"u8) ? (double.MinValue, value) : sign.StartsWith(">"u8) ? (value, double.MaxValue) : (value, value);
    }

    private void Number(IndexText system, IndexText code, IndexText unit, double low, double high) =>
        into.Add(IndexKind.Number, system, code, unit, BitConverter.DoubleToInt64Bits(low), BitConverter.DoubleToInt64Bits(high));

    private bool Double(int row, out double number)
    {
        number = 0;
        return Rows.HasText(tree, row) && IndexNumbers.TryRead(Bytes(row), out number);
    }

    private void Reference(int row)
    {
        if (!Rows.HasText(tree, row))
            return;
        var bytes = Bytes(row);
        var isKey = References.TryKey(bytes, out var type, out var id);
        if (References.IsAbsolute(bytes) && !(isKey && into.IsHome(bytes[..type.Start])))
            into.Add(IndexKind.Url, isKey ? Part(Text(row), type, bytes.Length) : default, Text(row));
        else if (isKey)
            into.Add(IndexKind.Reference, Part(Text(row), type, bytes.Length), Part(Text(row), id, bytes.Length));
    }

    private static IndexText Part(IndexText text, Range part, int whole)
    {
        var (from, length) = part.GetOffsetAndLength(whole);
        return new(text.Start < 0 ? text.Start - from : text.Start + from, length);
    }

    private void OwnId(int row)
    {
        if (Element.ResourceTypeAt(tree, row) is { } type && ResourceId.TryParse(Child(row, _id) is >= 0 and var own && Rows.HasText(tree, own) ? tree.Text(own) : null, out var id))
            into.Add(IndexKind.Reference, into.Keep(type.Name), into.Keep(id.ToString()));
    }

    /// <summary>A canonical is found with and without its version.</summary>
    private void Canonical(int row)
    {
        var bytes = Bytes(row);
        if (!Rows.HasText(tree, row) || bytes.StartsWith("#"u8))
            return;
        var text = Text(row);
        into.Add(IndexKind.Url, default, text);
        if (bytes.IndexOf((byte)'|') is > 0 and var bar)
            into.Add(IndexKind.Url, default, Part(text, ..bar, bytes.Length));
    }
}
