using Orleans.Serialization.Cloning;

namespace CouponGrains.Contracts;

/// <summary>Carries a type of the Domain, which knows nothing of Orleans, over the wire as a numbered shape. The types
/// of the Domain are immutable, so inside a silo the value itself is handed on.</summary>
/// <typeparam name="T">The type of the Domain.</typeparam>
/// <typeparam name="TShape">Its shape: every member numbered; a number is never used again.</typeparam>
internal abstract class Shaped<T, TShape> : IConverter<T, TShape>, IDeepCopier<T>, IOptionalDeepCopier
    where T : notnull
    where TShape : struct
{
    /// <inheritdoc/>
    public abstract TShape ConvertToSurrogate(in T value);

    /// <inheritdoc/>
    public abstract T ConvertFromSurrogate(in TShape surrogate);

    /// <inheritdoc/>
    public T DeepCopy(T? input, CopyContext context) => input!;

    /// <inheritdoc/>
    public bool IsShallowCopyable() => true;
}
