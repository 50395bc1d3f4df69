using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Offers;

/// <summary>How designs of a model are written for the network: the kind among those that examples have, five places as
/// columns of numbers, the scope as prototype, focus and lean (see <see cref="ScopeModes"/>).</summary>
/// <param name="Kinds">The kinds that examples have, by their place in the design; ascending.</param>
/// <param name="Places">Depth, threshold, validity, form, repeats.</param>
/// <param name="Scopes">Prototypes and leans.</param>
/// <param name="Prototypes">The prototypes that examples lie nearest to, by their place among all; ascending.</param>
/// <param name="Focus">How near they lie.</param>
internal sealed record OfferColumns(
    int[] Kinds, NumberColumn[] Places, ScopeModes Scopes, int[] Prototypes, NumberColumn Focus)
{
    private const string Prefix = "generator.code.";

    /// <summary>What a code is made of.</summary>
    public IReadOnlyList<CodeBlock> Blocks =>
    [
        CodeBlock.Choice(Kinds.Length),
        .. Places.SelectMany(p => p.Blocks),
        CodeBlock.Choice(Prototypes.Length),
        .. Focus.Blocks,
        CodeBlock.Choice(Scopes.Leans.Length),
    ];

    /// <summary>The columns of some designs (see <see cref="DesignCode"/>), at least one.</summary>
    public static OfferColumns Fit(IReadOnlyList<float[]> designs, float[][] prototypes, Random random)
    {
        var scopes = ScopeModes.Fit([.. designs.Select(Scope)], prototypes, random);
        var written = designs.Select(d => scopes.Write(Scope(d))).ToArray();
        return new(
            [.. designs.Select(Kind).Distinct().Order()],
            [.. Enumerable.Range(0, DesignCode.Places).Select(i =>
                NumberColumn.Of([.. designs.Select(d => (double)d[DesignCode.Kinds + i])]))],
            scopes, [.. written.Select(w => w.Prototype).Distinct().Order()],
            NumberColumn.Of([.. written.Select(w => w.Focus)]));
    }

    /// <summary>A design as a code.</summary>
    public float[] Write(float[] design)
    {
        var code = new List<float>(Choices.Hot(Kinds.Length, Array.IndexOf(Kinds, Kind(design))));
        for (var i = 0; i < Places.Length; i++)
        {
            Places[i].Write(design[DesignCode.Kinds + i], code);
        }

        var (prototype, focus, lean) = Scopes.Write(Scope(design));
        code.AddRange(Choices.Hot(Prototypes.Length, Array.IndexOf(Prototypes, prototype)));
        Focus.Write(focus, code);
        code.AddRange(Choices.Hot(Scopes.Leans.Length, lean));
        return [.. code];
    }

    /// <summary>A design from the network's raw output; choices are draws. Kinds that no example had come last, in an
    /// order that is drawn.</summary>
    public RawDesign Read(ReadOnlySpan<float> o, Random random)
    {
        const float Unlearned = -100;
        var (at, kinds) = (0, new float[DesignCode.Kinds]);
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] = Unlearned + random.NextSingle();
        }

        foreach (var kind in Kinds)
        {
            kinds[kind] = o[at++] - (float)Math.Log(-Math.Log(Math.Clamp(random.NextDouble(), 1e-6, 1 - 1e-6)));
        }

        var places = new float[Places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (float)Math.Clamp(Places[i].Read(o, ref at, random), 0, 1);
        }

        var prototype = Prototypes[Choices.Draw(o, ref at, Prototypes.Length, random)];
        var focus = Focus.Read(o, ref at, random);
        var lean = Choices.Draw(o, ref at, Scopes.Leans.Length, random);
        return new(kinds, places[0], places[1], places[2], places[3], places[4],
            Scopes.Read(prototype, focus, lean, random));
    }

    /// <summary>The columns as tensors of a model.</summary>
    public IEnumerable<KeyValuePair<string, ModelTensor>> ToTensors() =>
    [
        new(Prefix + "kinds", new([Kinds.Length], Array.ConvertAll(Kinds, k => (float)k))),
        .. Places.Select((p, i) => KeyValuePair.Create($"{Prefix}place{i + 1}", p.ToTensor())),
        new(Prefix + "scope.seen", new([Prototypes.Length], Array.ConvertAll(Prototypes, p => (float)p))),
        new(Prefix + "scope.prototypes", Rows(Scopes.Prototypes)),
        new(Prefix + "scope.focus", Focus.ToTensor()),
        new(Prefix + "scope.leans", Rows(Scopes.Leans)),
        new(Prefix + "scope.lengths", new([Scopes.Lengths.Length], Scopes.Lengths)),
    ];

    /// <summary>The columns that a model carries, or null.</summary>
    public static OfferColumns? Of(IReadOnlyDictionary<string, ModelTensor> tensors) =>
        !tensors.TryGetValue(Prefix + "kinds", out var kinds) ? null : new(
            Array.ConvertAll(kinds.Values, k => (int)k),
            [.. Enumerable.Range(1, DesignCode.Places).Select(i => NumberColumn.Of(tensors[$"{Prefix}place{i}"]))],
            new(Rows(tensors[Prefix + "scope.prototypes"]), Rows(tensors[Prefix + "scope.leans"]),
                tensors[Prefix + "scope.lengths"].Values),
            Array.ConvertAll(tensors[Prefix + "scope.seen"].Values, p => (int)p),
            NumberColumn.Of(tensors[Prefix + "scope.focus"]));

    private static int Kind(float[] design) => Array.IndexOf(design, design.AsSpan(0, DesignCode.Kinds).ToArray().Max());

    private static float[] Scope(float[] design) => design[DesignCode.Fixed..];

    private static ModelTensor Rows(float[][] rows) => new([rows.Length, rows[0].Length], [.. rows.SelectMany(r => r)]);

    private static float[][] Rows(ModelTensor tensor) => [.. tensor.Values.Chunk(tensor.Shape[1])];
}
