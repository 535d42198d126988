from tests.simulator.conftest import autoridade, home, pasta_ca

__all__ = ["autoridade", "home", "pasta_ca"]
