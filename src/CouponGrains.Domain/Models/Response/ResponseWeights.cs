namespace CouponGrains.Domain.Models.Response;

/// <summary>The weights of a response model by name, each row-major as output × input: exactly those that its shape
/// asks for, all finite and none beyond ±<see cref="Largest"/>, so that no finite input can make the network answer
/// what is not a number.</summary>
public sealed class ResponseWeights
{
    /// <summary>The largest amount of one weight.</summary>
    public const float Largest = 1e6f;

    private readonly Dictionary<string, float[]> _values;

    /// <summary>Takes ownership of the arrays. Throws if one is missing, too many, of another size or out of
    /// range.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="values">The arrays by the names of <see cref="ResponseLayout"/>.</param>
    public ResponseWeights(ResponseShape shape, IReadOnlyDictionary<string, float[]> values)
    {
        var layout = ResponseLayout.Of(shape);
        foreach (var name in values.Keys.Except(layout.Select(tensor => tensor.Name)))
        {
            throw new ArgumentException($"A response model of this shape has no '{name}'.", nameof(values));
        }

        foreach (var tensor in layout)
        {
            if (!values.TryGetValue(tensor.Name, out var value) || value.Length != tensor.Length)
            {
                throw new ArgumentException(
                    $"'{tensor.Name}' should have {tensor.Length} values, but has {value?.Length ?? 0}.",
                    nameof(values));
            }

            if (value.Any(v => !(Math.Abs(v) <= Largest)))
            {
                throw new ArgumentException($"'{tensor.Name}' has values beyond {Largest}.", nameof(values));
            }
        }

        (Shape, _values) = (shape, new(values));
    }

    /// <summary>The sizes.</summary>
    public ResponseShape Shape { get; }

    /// <summary>The array of a name of the layout; empty where the shape has none.</summary>
    public float[] this[string name] => _values.GetValueOrDefault(name, []);
}
