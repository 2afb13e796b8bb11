using System.Diagnostics.CodeAnalysis;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath;

/// <summary>What one evaluation works with: a stack of values and the scope of <c>$this</c>, <c>$index</c> and <c>$total</c>.
/// Frames are used again by their thread, so that an evaluation allocates no collections.</summary>
internal sealed class Frame
{
    private const int KeptValues = 16_384;
    private const int StepsBetweenLooks = 4_096;
    private const int CharactersOfStep = 32;

    [ThreadStatic]
    private static Frame? s_own;

    private bool _isBusy;

    private PathValue[] _values = new PathValue[64];
    private int _highest;
    private int _stepsToLook;
    private long _stepsLeft;
    private Dictionary<string, PathValues>? _variables;
    private FhirDateTime? _now;
    private FhirDate? _today;

    public FhirPathContext Context { get; private set; } = null!;

    /// <summary>What <c>now()</c> answers, made once.</summary>
    public FhirDateTime Now => _now ??= FhirDateTime.Of(Context.Now);

    /// <summary>What <c>today()</c> answers, made once.</summary>
    public FhirDate Today => _today ??= FhirDate.Of(DateOnly.FromDateTime(Context.Now.DateTime));

    /// <summary>The number of values on the stack.</summary>
    public int Top { get; private set; }

    /// <summary><c>%context</c>: what the expression was asked about.</summary>
    public Slice Root { get; private set; }

    /// <summary><c>$this</c>.</summary>
    public Slice This { get; set; }

    /// <summary><c>$index</c>; -1 outside an iteration.</summary>
    public int Index { get; set; }

    /// <summary><c>$total</c>.</summary>
    public Slice Total { get; set; }

    /// <summary>A frame for one evaluation; give it back with <see cref="Return"/>.</summary>
    public static Frame Rent(FhirPathContext context)
    {
        // An evaluation inside another one, as for a constant, has a frame of its own.
        var frame = s_own ??= new Frame();
        frame = frame._isBusy ? new Frame() : frame;
        frame._isBusy = true;
        frame.Context = context;
        frame._stepsLeft = context.Limits.Steps;
        frame._stepsToLook = 0;
        return frame;
    }

    /// <summary>Sets what the expression is asked about.</summary>
    public void Focus(PathValues focus)
    {
        Push(focus);
        Begin();
    }

    /// <summary>Sets what the expression is asked about.</summary>
    public void Focus(Element focus)
    {
        Push(focus);
        Begin();
    }

    private void Begin() => (Root, This, Index, Total) = (From(0), From(0), -1, default);

    /// <summary>Takes note of work done: one step for each item looked at.</summary>
    public void Spend(int steps = 1)
    {
        if ((_stepsToLook -= steps) < 0)
            Look();
    }

    /// <summary>Takes note of text that was read or made.</summary>
    public void SpendText(long characters) => Spend((int)Math.Min(characters / CharactersOfStep, int.MaxValue / 2));

    /// <summary>Takes note of a comparison: a text or an element costs as much as it is long.</summary>
    public void SpendOn(in PathValue value)
    {
        if (value.System is string text)
            SpendText(text.Length);
        Spend(value.IsElement && value.Raw.Node is >= 0 and var node ? value.Raw.Tree[node].Next - node : 1);
    }

    private void Look()
    {
        // What was spent beyond the last stretch is owed as well.
        _stepsLeft += _stepsToLook;
        if (_stepsLeft < 0)
            throw new PathError("The evaluation takes more steps than are allowed") { IsTooCostly = true };
        if (Context.Stop.IsCancellationRequested)
            throw new PathError("The evaluation takes longer than is allowed") { IsTooCostly = true };
        _stepsToLook = (int)Math.Min(_stepsLeft, StepsBetweenLooks);
        _stepsLeft -= _stepsToLook;
    }

    /// <summary>Forgets all values; the thread's next evaluation takes this frame.</summary>
    public void Return()
    {
        Mark();
        if (_values.Length > KeptValues)
            _values = new PathValue[64];
        else
            Array.Clear(_values, 0, _highest);
        (Top, _highest, Context, _variables, _now, _today) = (0, 0, null!, null, null, null);
        _isBusy = false;
    }

    [SuppressMessage("Design", "CA1043:Use integral or string argument for indexers", Justification = "An index into the stack is integral.")]
    public ref readonly PathValue this[int index] => ref _values[index];

    public ReadOnlySpan<PathValue> Span(Slice slice) => _values.AsSpan(slice.Start, slice.Count);

    public void Push(in PathValue value)
    {
        if (Top == _values.Length)
            Grow();
        _values[Top++] = value;
    }

    private void Grow(int by = 1)
    {
        if (Top + by > Context.Limits.Values)
            throw new PathError("The evaluation yields more values than are allowed") { IsTooCostly = true };
        Array.Resize(ref _values, Math.Max(Top + by, _values.Length * 2));
    }

    public void Push(object value) => Push(new PathValue(value));

    public void Push(bool value) => Push(PathValue.Of(value));

    public void Push(int value) => Push(PathValue.Of(value));

    public void Push(Element element) => Push(new PathValue(element));

    public void Push(PathValues values) => Push(values.Array.AsSpan());

    public void Push(Slice slice) => Push(_values.AsSpan(slice.Start, slice.Count));

    private void Push(ReadOnlySpan<PathValue> values)
    {
        Spend(values.Length);
        if (Top + values.Length > _values.Length)
            Grow(values.Length);
        values.CopyTo(_values.AsSpan(Top));
        Top += values.Length;
    }

    /// <summary>What was pushed since the stack was so high.</summary>
    public Slice From(int start) => new(start, Top - start);

    /// <summary>Drops what was pushed since the stack was so high.</summary>
    public void Reset(int start)
    {
        Mark();
        Top = start;
    }

    /// <summary>Drops what lies between: what was pushed since <paramref name="keep"/> moves down to <paramref name="start"/>.</summary>
    public void Collapse(int start, int keep)
    {
        Mark();
        var count = Top - keep;
        if (start != keep && count > 0)
            Array.Copy(_values, keep, _values, start, count);
        Top = start + count;
    }

    private void Mark()
    {
        if (Top > _highest)
            _highest = Top;
    }

    /// <summary>Evaluates an argument, in the scope of <c>$this</c>. The result lies on the stack.</summary>
    public Slice Argument(Step step)
    {
        var start = Top;
        step(this, This);
        return From(start);
    }

    /// <summary>Evaluates a criterion on one value as <c>$this</c>; leaves nothing on the stack.</summary>
    public bool? Test(Ask criterion, Slice item, int index)
    {
        Spend();
        var (outer, outerIndex) = (This, Index);
        (This, Index) = (item, index);
        var holds = criterion(this, item);
        (This, Index) = (outer, outerIndex);
        return holds;
    }

    /// <summary>Evaluates a projection on one value as <c>$this</c>; its result is pushed.</summary>
    public void Project(Step projection, Slice item, int index)
    {
        Spend();
        var (outer, outerIndex) = (This, Index);
        (This, Index) = (item, index);
        projection(this, item);
        (This, Index) = (outer, outerIndex);
    }

    /// <summary>What <c>defineVariable</c> gave a name, or null.</summary>
    public PathValues? Variable(string name) => _variables?.GetValueOrDefault(name);

    /// <summary>Gives a name to values for the rest of the evaluation.</summary>
    public void Define(string name, PathValues values)
    {
        _variables ??= new Dictionary<string, PathValues>(StringComparer.Ordinal);
        if (!_variables.TryAdd(name, values))
            throw new PathError("A variable is defined twice");
    }

    /// <summary>The values of a slice, to keep.</summary>
    public PathValues Take(Slice slice) => slice.Count switch
    {
        0 => PathValues.Empty,
        1 => PathValues.Of(_values[slice.Start]),
        _ => new PathValues(Span(slice).ToArray()),
    };
}
