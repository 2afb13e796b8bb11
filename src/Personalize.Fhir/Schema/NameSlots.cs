using System.Numerics;

namespace Personalize.Fhir.Schema;

/// <summary>What is laid out by the number of a name, each in a slot of its own: one look finds it, or that it is not there.</summary>
internal interface INamed<T>
{
    /// <summary>What fills the slots that are left: it bears a number that no name has.</summary>
    static abstract T Nothing { get; }

    /// <summary>The number of the name.</summary>
    ushort Name { get; }
}

/// <summary>A table without collisions, made when its names are known.</summary>
internal readonly struct NameSlots<T>
    where T : struct, INamed<T>
{
    // So many multipliers are tried before the table is doubled.
    private const int Tries = 500;
    private const uint FirstMultiplier = 0x9E3779B1;
    private const uint Step = 0x61C88646;

    private readonly T[] _slots;
    private readonly uint _multiplier;
    private readonly int _shift;

    public NameSlots(IReadOnlyList<T> all)
    {
        var bits = BitOperations.Log2((uint)all.Count * 4 + 2);
        while (true)
        {
            (_slots, _shift) = (new T[1 << bits], 32 - bits++);
            for (var attempt = 0u; attempt < Tries; attempt++)
            {
                _multiplier = FirstMultiplier + (Step * attempt) | 1;
                if (Fits(all))
                    return;
            }
        }
    }

    /// <summary>The slot in which that name would be: its own name tells whether it is.</summary>
    public ref readonly T this[ushort name] => ref _slots[name * _multiplier >> _shift];

    private bool Fits(IReadOnlyList<T> all)
    {
        Array.Fill(_slots, T.Nothing);
        foreach (var one in all)
        {
            ref var slot = ref _slots[one.Name * _multiplier >> _shift];
            if (slot.Name != T.Nothing.Name)
                return false;
            slot = one;
        }
        return true;
    }
}
