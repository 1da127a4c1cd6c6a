"""What any provider of the prediction API must do, as tests: `pytest contract_tests`.

From an installed wheel: `pytest --pyargs mockserver.contract_tests`.
"""
